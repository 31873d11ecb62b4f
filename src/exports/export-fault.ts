import type { ExportFailure } from './export-job.ts';

/** Why an export can not be made, in words for whoever asked for it. */
export class ExportFault extends Error {
  readonly reason: ExportFailure;

  constructor(reason: ExportFailure, message: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}
