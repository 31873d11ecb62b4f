import { parentPort, workerData } from 'node:worker_threads';
import { workbookRows } from './workbook-rows.ts';

/** The thread that reads one workbook; see workbook.ts. */
parentPort!.postMessage(
  await workbookRows(Buffer.from(workerData as Uint8Array)).then(
    (rows) => ({ rows }),
    (error: unknown) => ({ problem: error instanceof Error ? error.message : String(error) }),
  ),
);
