import { onwardSharing } from '../../../detectors/onward-sharing.ts';
import { contract, fires, quiet } from '../contract.ts';
import { sharingTown, use } from '../granted.ts';
import { access, later } from '../town.ts';

const FIRST = '2026-11-01T10:00';
const DAY_S = 86_400;
const town = { registry: (more = {}) => sharingTown([], more) };
/** The civil bureau sends it to the culture bureau, and that passes it on so many days later. */
const passedOn = (days: number, recipient = 'transport') => [
  access(FIRST, { action: 'share', recipient: 'culture' }),
  use(later(FIRST, days * DAY_S), { action: 'share', recipient }),
];

export const onwardSharingCases = contract(onwardSharing, {
  fires: fires(() => passedOn(240 / DAY_S), town),
  quiet: quiet(() => passedOn(19, 'museum'), town),
  // Thirty days after the receipt: here the quiet side is above.
  below: fires(() => passedOn(30 - 1 / DAY_S), town),
  at: fires(() => passedOn(30), town),
  above: quiet(() => passedOn(30 + 1 / DAY_S), town),
  coldStart: quiet(() => passedOn(19).slice(1), town),
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
});
