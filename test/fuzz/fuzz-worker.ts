import fc from 'fast-check';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { damagedInputs } from './mutate.ts';
import { Prototypes } from './prototypes.ts';
import { PLACES, type FuzzJob, type WorkerReport } from './fuzz-job.ts';
import { must, type Taker } from './target.ts';
import { TARGETS } from './targets/index.ts';

/** The thread in which one target takes its inputs. Who waits outside sees how far it is, and at which input. */
const job = workerData as FuzzJob;
const places = new Int32Array(job.places);
const current = Buffer.from(job.current);
const prototypes = new Prototypes();

const MAX_HEAP_GROWTH_BYTES = 67_108_864;
const LOOKS = 10;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

let slowestMs = 0;
let firstHeapBytes = 0;
let lastHeapBytes = 0;

async function takeOne(taker: Taker, input: Buffer): Promise<void> {
  input.copy(current);
  Atomics.store(places, PLACES.length, input.length);
  Atomics.add(places, PLACES.taken, 1);
  const startedAt = performance.now();
  const startedCpu = process.threadCpuUsage();
  const pending = taker.take(input);
  if (pending !== undefined) await pending;
  const tookMs = performance.now() - startedAt;
  if (tookMs > slowestMs) slowestMs = tookMs;
  if (tookMs > job.maxMs) mustBeQuick(startedCpu);
  if (prototypes.haveGrown) must(false, `prototypes were changed: ${prototypes.changes().join(', ')}`);
}

/** On a busy machine the clock goes on while the thread waits: its own time counts. */
function mustBeQuick(since: NodeJS.CpuUsage): void {
  const { user, system } = process.threadCpuUsage(since);
  const ms = (user + system) / 1_000;
  must(ms <= job.maxMs, `one input took ${Math.round(ms)} ms of computing, more than ${job.maxMs}`);
}

/** After a tenth of the inputs all that stays has been loaded; from then on nothing may pile up. */
function look(): void {
  collectGarbage();
  const { used_heap_size, external_memory } = getHeapStatistics();
  lastHeapBytes = used_heap_size + external_memory;
  firstHeapBytes ||= lastHeapBytes;
}

async function run(): Promise<WorkerReport> {
  const make = TARGETS[job.target];
  if (make === undefined) throw new Error(`no target is called ${job.target}`);
  const target = await make();
  const taker = await target.start();
  const damaged = damagedInputs(target.corpus);
  const inputs =
    target.structured === undefined
      ? damaged
      : fc.oneof({ weight: 2, arbitrary: damaged }, { weight: 1, arbitrary: target.structured });
  for (const input of target.corpus) await takeOne(taker, input);
  const every = Math.ceil(job.inputs / LOOKS);
  let n = 0;
  const property = fc.asyncProperty(inputs, async (input) => {
    await takeOne(taker, input);
    if (++n % every === 0) look();
  });
  const result = await fc.check(property, {
    numRuns: job.inputs,
    seed: job.seed,
    ...(job.path === '' ? {} : { path: job.path }),
  });
  await taker.stop?.();
  const [input] = result.counterexample ?? [];
  if (result.failed)
    return {
      kind: 'failed',
      input: (input ?? Buffer.alloc(0)).toString('base64'),
      path: result.counterexamplePath ?? '',
      error: errorText(result.errorInstance),
    };
  const changes = prototypes.changes();
  const growthBytes = lastHeapBytes - firstHeapBytes;
  const grown = growthBytes > MAX_HEAP_GROWTH_BYTES ? `${Math.round(growthBytes / 1e6)} MB piled up in memory` : '';
  const error = changes.length > 0 ? `prototypes were changed: ${changes.join(', ')}` : grown;
  if (error !== '') return { kind: 'failed', input: '', path: '', error };
  return { kind: 'passed', inputs: result.numRuns, slowestMs, growthBytes };
}

function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

const report = await run().catch((error: unknown): WorkerReport => ({
  kind: 'failed',
  input: current.toString('base64', 0, Atomics.load(places, PLACES.length)),
  path: '',
  error: errorText(error),
}));
parentPort!.postMessage(report);
