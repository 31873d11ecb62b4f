import { Worker } from 'node:worker_threads';
import type { Cell } from './cells.ts';

const MAX_MEMORY_MB = 1_024;
const MAX_MS = 60_000;

type Answer = { rows: readonly (readonly Cell[])[] } | { problem: string };

/**
 * The rows of the first sheet of an XLSX workbook, read in a thread that can be given up: two kilobytes can state a cell in
 * row 10⁹, for which the reader would fill all rows before it.
 * @throws Error that says what is wrong with it.
 */
export async function readWorkbook(bytes: Buffer): Promise<readonly (readonly Cell[])[]> {
  const worker = new Worker(new URL('./workbook-worker.ts', import.meta.url), {
    workerData: bytes,
    resourceLimits: { maxOldGenerationSizeMb: MAX_MEMORY_MB },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const answer = await new Promise<Answer>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`it can not be read within ${MAX_MS} ms`)), MAX_MS);
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('it can not be read to its end')));
    });
    if ('problem' in answer) throw new Error(answer.problem);
    return answer.rows;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
