import { overlap, type EntryProblem } from './check.ts';
import type { RegistryEntries } from './schema.ts';

interface Belonging {
  department: string;
  from: string | undefined;
  to: string | undefined;
  where: string;
}

/** A person belongs to one department at a time, by its own entry and by its accounts. */
export function checkPersons({ persons, accounts }: RegistryEntries, problems: EntryProblem[]): void {
  const known = new Map<string, Belonging[]>();
  const check = (list: 'persons' | 'accounts', index: number, person: string, belonging: Belonging): void => {
    if (person === '' || belonging.department === '') return;
    const others = known.get(person) ?? [];
    const other = others.find((one) => one.department !== belonging.department && overlap(one, belonging));
    if (other !== undefined)
      problems.push({
        list,
        path: [index, 'department'],
        message:
          `department is "${belonging.department}": ${person} belongs to "${other.department}" at the same time ` +
          `(${other.where}); end one of them with validTo, or correct the department`,
      });
    others.push(belonging);
    known.set(person, others);
  };
  for (const [index, { id, department, validFrom, validTo }] of persons.entries())
    check('persons', index, id, { department, from: validFrom, to: validTo, where: `persons ${id}` });
  for (const [index, { id, person, department, validFrom, validTo }] of accounts.entries())
    check('accounts', index, person, { department, from: validFrom, to: validTo, where: `accounts ${id}` });
}
