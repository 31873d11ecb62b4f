import { privilegeBurst } from '../../../detectors/privilege-burst.ts';
import { eventAt } from '../../detection/judge.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { later } from '../town.ts';

const grants = (count: number, secondsApart = 60) =>
  Array.from({ length: count }, (_, n) =>
    eventAt(later('2026-11-20T09:00', n * secondsApart), {
      classUid: 3005,
      action: 'grant',
      outcome: 'success',
      account: 'admin',
      actor: 'admin',
      target: `user${n}`,
    }),
  );

export const privilegeBurstCases = contract(privilegeBurst, {
  fires: fires(() => grants(12)),
  quiet: quiet(() => grants(20, 401)),
  ...around({ limit: 10, events: (count) => grants(count) }),
  coldStart: 'same',
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
});
