import { Worker } from 'node:worker_threads';
import { PLACES, type FuzzJob, type WorkerReport } from './fuzz-job.ts';
import { MAX_INPUT_BYTES } from './mutate.ts';

export interface FuzzOptions {
  inputs: number;
  seed: number;
  /** fast-check's path to one input; '' for all. */
  path?: string;
  /** Time of its own that one input may take; more than that of the clock, tenfold, and it is a hang. */
  maxMs?: number;
  onProgress?: (taken: number) => void;
}

export type FuzzOutcome =
  | { ok: true; inputs: number; slowestMs: number; growthBytes: number }
  | {
      ok: false;
      error: string;
      /** The smallest input that was found to do it. */
      input: Buffer;
      /** Command that repeats it. */
      command: string;
    };

const LOOK_MS = 200;
const HANG_FACTOR = 15;
const STARTING_MS = 60_000;
const MAX_HEAP_MB = 512;

/** Throws damaged inputs at one target, in a thread that can be given up when it hangs or eats all memory. */
export async function fuzz(target: string, options: FuzzOptions): Promise<FuzzOutcome> {
  const { inputs, seed, path = '', maxMs = 1_000 } = options;
  const places = new SharedArrayBuffer(8);
  const current = new SharedArrayBuffer(MAX_INPUT_BYTES);
  const job: FuzzJob = { target, inputs, seed, path, maxMs, places, current };
  const worker = new Worker(new URL('./fuzz-worker.ts', import.meta.url), {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  const watch = new Int32Array(places);
  const failed = (error: string, input: Buffer, found = ''): FuzzOutcome => {
    const where = found === '' ? '' : ` --path ${found}`;
    const command = `npm run fuzz -- --only ${target} --inputs ${inputs} --seed ${seed}${where}`;
    return { ok: false, error, input, command };
  };
  const underway = (): Buffer => Buffer.from(Buffer.from(current, 0, watch[PLACES.length]));
  try {
    return await new Promise<FuzzOutcome>((resolve) => {
      worker.once('message', (report: WorkerReport) => {
        if (report.kind === 'passed') resolve({ ok: true, ...report });
        else resolve(failed(report.error, Buffer.from(report.input, 'base64'), report.path));
      });
      worker.once('error', (error) => resolve(failed(String(error), underway())));
      worker.once('exit', (code) => resolve(failed(`the thread ended with ${code}`, underway())));
      whenHanging(watch, maxMs * HANG_FACTOR, options.onProgress, worker, (ms) =>
        resolve(failed(`no end of one input within ${ms} ms`, underway())),
      );
    });
  } finally {
    await worker.terminate();
  }
}

function whenHanging(
  watch: Int32Array,
  maxMs: number,
  onProgress: FuzzOptions['onProgress'],
  worker: Worker,
  onHang: (ms: number) => void,
): void {
  let seen = 0;
  let since = performance.now();
  const timer = setInterval(() => {
    const taken = Atomics.load(watch, PLACES.taken);
    const now = performance.now();
    if (taken !== seen) since = now;
    seen = taken;
    onProgress?.(taken);
    const mayTakeMs = taken === 0 ? STARTING_MS : maxMs;
    if (now - since > mayTakeMs) onHang(mayTakeMs);
  }, LOOK_MS);
  worker.once('exit', () => clearInterval(timer));
}

/** Bytes for people: what is printable as it is, the rest escaped; long ones cut in the middle. */
export function shown(input: Buffer): string {
  const text = JSON.stringify(input.toString('latin1'));
  return text.length <= 600 ? text : `${text.slice(0, 400)} … ${text.slice(-150)} (${input.length} bytes)`;
}
