import { personRecordSnooping } from '../../../detectors/person-record-snooping.ts';
import { around, contract, fires, quiet } from '../contract.ts';
import { sharingTown } from '../granted.ts';
import { access, later } from '../town.ts';

const town = { registry: (more = {}) => sharingTown([], more) };
const looks = (count: number, fields = {}) =>
  Array.from({ length: count }, (_, n) =>
    access(later('2026-11-18T10:00', n * 240), {
      asset: 'persons',
      assetLevel: 'general-3',
      rows: 1,
      dataSubjects: ['neighbour'],
      ...fields,
    }),
  );

export const personRecordSnoopingCases = contract(personRecordSnooping, {
  fires: fires(() => looks(3), town),
  quiet: quiet(() => looks(9, { caseNumber: 'AJ-3' }), town),
  ...around({ limit: 3, events: (count) => looks(count), ...town }),
  coldStart: 'same',
  restDay: 'same',
  makeUpDay: 'same',
  late: 'same',
  daysLate: 'same',
  duplicated: 'same',
  replay: 'same',
});
