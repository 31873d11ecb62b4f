import { massChange } from '../../../detectors/mass-change.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { access, later, townRegistry } from '../town.ts';

const town = {
  registry: (more = {}) =>
    townRegistry({
      assets: [
        { id: 'recipients', name: { zh: '低保对象信息', en: 'Aid recipients' }, level: 'important', rows: 20_000 },
      ],
      ...more,
    }),
};
const changes = (...rows: number[]) =>
  rows.map((count, n) => access(later('2026-11-20T15:00', n * 300), { action: 'update', rows: count }));

export const massChangeCases = contract(massChange, {
  fires: fires(() => changes(90, 90, 90), town),
  quiet: quiet(() => changes(20, 30, 40), town),
  ...around({ limit: 200, events: (rows) => changes(rows), ...town }),
  coldStart: 'same',
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
});
