import { addDays } from '../calendar.ts';
import type { Actor } from '../platform/people.ts';
import { Random } from '../random.ts';

/** A matter that an officer works on, with the persons it is about. */
export interface CaseOf {
  number: string;
  officer: Actor;
  type: string;
  /** Days; the case is open on both. */
  opened: string;
  closed: string;
  /** What logs carry for the persons: 16 hexadecimal digits. */
  subjects: readonly string[];
}

const DEPARTMENTS_WITH_CASES = ['police', 'civil', 'hrss', 'health', 'market', 'tax'];
const OFFICERS = 10;
const TYPES = ['信访核查', '待遇审核', '线索核实', '投诉处理', '资格复核'];

/** Each case officer has two or three cases at a time, from `first` on for `days`. */
export function casesOf(seed: number, first: string, days: number, officers: readonly Actor[]): CaseOf[] {
  const random = new Random(seed, 'cases');
  return DEPARTMENTS_WITH_CASES.flatMap((department) => {
    const clerks = officers.filter(
      (one) => one.department === department && one.role.startsWith('clerk') && one.shift === 'office',
    );
    let number = 100;
    return random.sample(clerks, OFFICERS).flatMap((officer) =>
      [0, 1, 2].flatMap((desk) => {
        const cases: CaseOf[] = [];
        for (let day = desk * 7 - random.int(0, 14); day < days; day += random.int(10, 30)) {
          const opened = addDays(first, day);
          const closed = addDays(opened, random.int(9, 28));
          const subjects = Array.from({ length: random.int(1, 3) }, () => random.hex(16));
          cases.push({
            number: `AJ-${department}-${++number}`,
            officer,
            type: random.pick(TYPES),
            opened,
            closed,
            subjects,
          });
        }
        return cases;
      }),
    );
  });
}
