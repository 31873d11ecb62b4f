import { denialProbing } from '../../../detectors/denial-probing.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { access, later } from '../town.ts';

const doors = (count: number, apart = 10) =>
  Array.from({ length: count }, (_, n) =>
    access(later('2026-11-20T12:00', n * apart), { asset: `table-${n}`, assetLevel: '', outcome: 'failure' }),
  );

export const denialProbingCases = contract(denialProbing, {
  fires: fires(() => doors(9)),
  quiet: quiet(() => doors(12, 130)),
  ...around({ limit: 8, events: doors }),
  coldStart: 'same',
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
});
