import { bulkRead } from '../../../detectors/bulk-read.ts';
import type { BaselineBook } from '../../../src/detection/baseline.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { access, later, watchedTown } from '../town.ts';

const NOON = '2026-11-20T12:00';
const plain = { asset: 'notice-1', assetLevel: 'general-2' as const };
const reads = (...rows: number[]) => rows.map((count, n) => access(later(NOON, n * 300), { rows: count }));
/** Forty days of a hundred rows at a time. */
const watched = { baseline: () => watchedTown('2026-11-20') };

/** Officers who read 100 rows on workdays, and 30,000 at a time on the rest days of six weeks. */
function weekendReaders(): BaselineBook {
  const book = watchedTown('2026-10-07', { days: 28 });
  const weekends = ['09-12', '09-13', '09-19', '09-26', '09-27', '10-01', '10-02', '10-03', '10-04', '10-05', '10-06'];
  for (const date of weekends)
    for (const clock of ['08:00', '09:10', '13:05', '16:40'])
      book.observe(access(`2026-${date}T${clock}`, { rows: 30_000 }));
  return book;
}

export const bulkReadCases = contract(bulkRead, {
  fires: fires(() => reads(20_000, 9000, 30_000), watched),
  quiet: quiet(() => reads(120, 90, 100), watched),
  // The fixed cap of those about whom nothing is known.
  ...around({ limit: 10_000, events: (rows) => [access(NOON, { ...plain, rows })] }),
  coldStart: fires(() => [access(NOON, { ...plain, rows: 10_000 })]),
  // 31,000 rows on a holiday are what rest days have, and on a make-up Saturday they are not.
  restDay: quiet(() => [access('2026-10-07T10:00', { rows: 31_000 })], { baseline: weekendReaders }),
  makeUpDay: fires(() => [access('2026-10-10T10:00', { rows: 31_000 })], { baseline: weekendReaders }),
  late: 'same',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
});
