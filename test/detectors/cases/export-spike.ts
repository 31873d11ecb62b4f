import { exportSpike } from '../../../detectors/export-spike.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { access, later } from '../town.ts';

const plain = { action: 'export', asset: 'notice-1', assetLevel: 'general-2' as const };
const exported = (iso: string) => access(iso, plain);
const many = (count: number, from = '2026-11-20T09:00') =>
  Array.from({ length: count }, (_, n) => exported(later(from, n * 60)));
const twelveDays = () =>
  Array.from({ length: 12 }, (_, n) =>
    ['09:00', '15:00'].map((clock) => exported(`2026-11-${String(n + 2).padStart(2, '0')}T${clock}`)),
  ).flat();

export const exportSpikeCases = contract(exportSpike, {
  fires: fires(() => [...twelveDays(), ...many(9)]),
  quiet: quiet(() => [...twelveDays(), ...many(3)]),
  // The fixed cap of accounts with too few days of their own.
  ...around({ limit: 50, events: (count) => many(count) }),
  coldStart: quiet(() => many(20)),
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
});
