import { newNetworkOrDevice } from '../../../detectors/new-network-or-device.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { later } from '../town.ts';
import { act, vendorTown } from '../vendors.ts';

const town = { registry: vendorTown };
const DAY_S = 86_400;
const signIn = (iso: string, clientAddress: string) => act(iso, { action: 'sign-in', clientAddress, device: 'laptop' });
const habit = () => ['01', '02', '08', '15'].map((day) => signIn(`2026-10-${day}T09:00`, '192.0.2.44'));

export const newNetworkOrDeviceCases = contract(newNetworkOrDevice, {
  fires: fires(() => [...habit(), signIn('2026-10-20T09:00', '203.0.113.7')], town),
  quiet: quiet(() => [...habit(), signIn('2026-10-20T09:00', '192.0.2.99')], town),
  // A network that was not used for sixty days.
  ...around({
    limit: 60 * DAY_S + 86_400,
    step: DAY_S,
    events: (seconds) => [...habit(), signIn(later('2026-10-15T09:00', seconds), '192.0.2.44')],
    ...town,
  }),
  coldStart: quiet(() => [habit()[0]!, signIn('2026-10-14T23:00', '203.0.113.7')], town),
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
});
