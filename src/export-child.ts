import type { ExportFailure } from './exports/export-job.ts';
import type { ExportMessage, ExportOrder } from './exports/export-process.ts';
import { ExportFault } from './exports/export-fault.ts';

/** A process that makes one export for `serve`: takes the order as a message, tells how far it is, and what it made. */
const TELL_EVERY_MS = 250;

// Nobody may be left to take the file.
process.on('disconnect', () => process.exit(0));
process.once('message', (order) => void make(order as ExportOrder));

async function make(order: ExportOrder): Promise<void> {
  try {
    // All parts of the program: loaded once somebody waits who can be seen to go away.
    const { makeExport } = await import('./export-maker.ts');
    let toldAt = 0;
    const file = await makeExport(order, (progress) => {
      if (performance.now() - toldAt < TELL_EVERY_MS) return;
      toldAt = performance.now();
      tell({ progress });
    });
    tell({ file }, () => process.exit(0));
  } catch (error) {
    const failure = { reason: reasonOf(error), message: error instanceof Error ? error.message : String(error) };
    tell({ failure }, () => process.exit(1));
  }
}

function reasonOf(error: unknown): ExportFailure {
  if (error instanceof ExportFault) return error.reason;
  const code = (error as { code?: unknown }).code;
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'disk-full';
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === 'WL_STORE_AWAY') return 'store-away';
  // What the store itself says has ClickHouse's number, what is said of a query in SQL our own codes.
  return typeof code === 'string' && /^(?:\d+|WL_SQL_REFUSED|WL_QUERY_\w+)$/.test(code) ? 'refused' : 'fault';
}

function tell(message: ExportMessage, then?: () => void): void {
  process.send?.(message, () => then?.());
}
