import { fork } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { StoreAddress } from '../store/client.ts';
import type { ExportFailure, ExportJob, ExportProgress } from './export-job.ts';
import type { ExportFile } from './run-export.ts';

/** What the process makes: `<path>.part` and `<manifestPath>.part`. */
export interface ExportRequest {
  job: ExportJob;
  path: string;
  manifestPath: string;
  /** Of the file, as people save it. */
  name: string;
  maxBytes: number;
}

/** The same with what only `serve` knows. */
export interface ExportOrder extends ExportRequest {
  /** Which rows of each table are of the scope (src/store/reader.ts), tables within conditions with their database; null for all. */
  rowFilters: Readonly<Record<string, string>> | null;
  /** Fields that the registry tags as personal. */
  tagged: readonly string[];
  /** Where the key of the pseudonyms is. */
  dataDir: string;
  /** '' for the one in the data directory. */
  sealKeyFile: string;
  address: StoreAddress;
  /** Where queries in SQL are asked: the masked views, and whoever may see no more than them. */
  sqlAddress: StoreAddress;
}

/** What the process says (src/export-child.ts). */
export type ExportMessage =
  { progress: ExportProgress } | { file: ExportFile } | { failure: { reason: ExportFailure; message: string } };

export type ExportEnd = Exclude<ExportMessage, { progress: ExportProgress }>;

export interface RunningExport {
  /** Resolves when the process is gone, whatever ended it. */
  ended: Promise<ExportEnd>;
  /** Of the process, while there is one. */
  pid?: number | undefined;
  kill: () => void;
}

export type StartExport = (request: ExportRequest, onProgress: (progress: ExportProgress) => void) => RunningExport;

/** Some batches of long lines; the whole process stays below 300 MB. */
const MAX_HEAP_MB = 112;
const KEPT_OF_STDERR = 2_000;

/** Makes an export in a process of its own: neither its memory nor its work is that of `serve`. */
export function startExport(order: ExportOrder, onProgress: (progress: ExportProgress) => void): RunningExport {
  const child = fork(fileURLToPath(new URL('../export-child.ts', import.meta.url)), {
    execArgv: [`--max-old-space-size=${MAX_HEAP_MB}`, '--max-semi-space-size=8'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced', // certificates are bytes
  });
  if (child.pid !== undefined) yieldToOthers(child.pid);
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-KEPT_OF_STDERR)));
  const ended = new Promise<ExportEnd>((resolve) => {
    let end: ExportEnd | undefined;
    child.on('message', (message: ExportMessage) => {
      if ('progress' in message) onProgress(message.progress);
      else end = message;
    });
    child.on('error', (error) => resolve({ failure: { reason: 'fault', message: error.message } }));
    child.on('close', (code, signal) => resolve(end ?? { failure: endedBy(code, signal, said) }));
  });
  child.send(order, () => undefined);
  return { ended, pid: child.pid, kill: () => void child.kill('SIGKILL') };
}

/** Ingest and live detection come first. */
function yieldToOthers(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It is gone already: what it says at its end counts.
  }
}

function endedBy(code: number | null, signal: string | null, said: string) {
  if (/heap out of memory|heap limit/i.test(said))
    return { reason: 'out-of-memory' as const, message: `it needed more than ${MAX_HEAP_MB} MB` };
  if (signal !== null) return { reason: 'killed' as const, message: `its process was ended by ${signal}` };
  return { reason: 'fault' as const, message: said.trim() || `its process ended with code ${code ?? 0}` };
}
