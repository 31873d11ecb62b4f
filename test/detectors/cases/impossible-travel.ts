import { impossibleTravel } from '../../../detectors/impossible-travel.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { later, signIn, townRegistry } from '../town.ts';

const net = (id: string, range: string, latitude: number, longitude: number) => ({
  id,
  name: id,
  site: id,
  cidrs: [range],
  latitude,
  longitude,
});
/** Due north of each other: a degree is 111.19 km, so 9 degrees are 1,000.8 km. */
const networks = [net('north', '192.0.2.0/24', 39, 116), net('south', '198.51.100.0/24', 30, 116)];
const town = { registry: (more = {}) => townRegistry({ networks, ...more }) };
const KM = 1000.754;
const from = (address: string, seconds: number) =>
  signIn(later('2026-11-20T09:00', seconds), 'success', { account: 'wangfang', clientAddress: address });
const trip = (seconds: number) => [from('192.0.2.9', 0), from('198.51.100.9', seconds)];

export const impossibleTravelCases = contract(impossibleTravel, {
  fires: fires(() => trip(480), town),
  quiet: quiet(() => trip(8 * 3600), town),
  ...around({ limit: 900, step: 5, events: (speed) => trip((KM / (speed + 0.5)) * 3600), ...town }),
  coldStart: quiet(() => [from('198.51.100.9', 0)], town),
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
});
