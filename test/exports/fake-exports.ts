import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { ExportEnd, ExportRequest, StartExport } from '../../src/exports/export-process.ts';

/** Processes that make what a test says, when it says so. */
export class FakeExports {
  readonly asked: ExportRequest[] = [];
  readonly killed: string[] = [];
  #end: ((end: ExportEnd) => void) | undefined;
  #tell: Parameters<StartExport>[1] = () => undefined;

  readonly start: StartExport = (request, onProgress) => {
    this.asked.push(request);
    this.#tell = onProgress;
    const ended = new Promise<ExportEnd>((resolve) => (this.#end = resolve));
    const kill = (): void => {
      this.killed.push(request.job.id);
      this.end({ failure: { reason: 'killed', message: 'its process was ended by SIGKILL' } });
    };
    return { ended, kill };
  };

  tell(rows: number, bytes: number): void {
    this.#tell({ rows, bytes });
  }

  end(end: ExportEnd): void {
    this.#end?.(end);
    this.#end = undefined;
  }

  /** Writes the file and ends well. */
  make(content: string, rows = 1): void {
    const { path, manifestPath } = this.asked.at(-1)!;
    writeFileSync(`${path}.part`, content);
    writeFileSync(`${manifestPath}.part`, '{"manifest":{}}');
    const sha256 = createHash('sha256').update(content).digest('hex');
    this.end({
      file: { rows, bytes: Buffer.byteLength(content), sha256, rowsDigest: 'r', columns: [], cut: 0, taken: null },
    });
  }
}
