import { sourceSilence } from '../../../detectors/source-silence.ts';
import { eventAt } from '../../detection/judge.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { later } from '../town.ts';

const lines = (from: string, minutes: number) =>
  Array.from({ length: minutes }, (_, n) => eventAt(later(from, n * 60), { source: 'archive', host: 'db01' }));
/** Monday to Thursday, day and night; the last line comes on Friday at 9:59. */
const week = () => lines('2026-11-16T00:00', 4 * 1440 + 600);
const clock = (iso: string) => eventAt(iso, { source: 'other' });
const SEPTEMBER = ['14', '15', '16', '17', '18', '20', '21', '22', '23', '24', '28', '29', '30'];
/** An office that writes from 8 to 18 o'clock, until the Friday before the make-up Saturday of 10 October. */
const office = () =>
  [...SEPTEMBER.map((day) => `2026-09-${day}`), '2026-10-08', '2026-10-09'].flatMap((day) =>
    lines(`${day}T08:00`, 600),
  );

export const sourceSilenceCases = contract(sourceSilence, {
  fires: fires(() => [...week(), clock('2026-11-20T10:30')]),
  quiet: quiet(() => [...week(), clock('2026-11-20T10:01')]),
  // Five minutes after the last line.
  ...around({ limit: 300, events: (seconds) => [...week(), clock(later('2026-11-20T09:59', seconds))] }),
  coldStart: quiet(() => [...lines('2026-11-18T00:00', 2 * 1440 + 600), clock('2026-11-20T14:00')]),
  restDay: quiet(() => [...office().filter(({ time }) => time < Date.parse('2026-10-01')), clock('2026-10-01T15:00')]),
  makeUpDay: fires(() => [...office(), ...lines('2026-10-10T08:00', 120), clock('2026-10-10T10:30')]),
  daysLate: fires(() => [
    ...week().map((event) => ({ ...event, time: event.time - 3 * 86_400_000 })),
    clock('2026-11-20T10:30'),
  ]),
  duplicated: 'same',
  replay: 'same',
  late: fires(() => [...week().map((event) => ({ ...event, time: event.time - 600_000 })), clock('2026-11-20T10:30')]),
});
