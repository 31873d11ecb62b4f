import { datesOf } from './calendar.ts';
import type { EntryProblem } from './check.ts';
import type { RegistryEntries } from './schema.ts';

export function checkCalendar(entries: RegistryEntries, problems: EntryProblem[]): void {
  for (const [index, entry] of entries.calendar.entries())
    for (const field of ['rest', 'workdays'] as const)
      for (const [at, text] of entry[field].entries()) {
        const dates = datesOf(text);
        const path = [index, field, at];
        if (dates.length === 0)
          problems.push({ list: 'calendar', path, message: `${field} is "${text}": expected a date or from..to` });
        else if (dates.some((date) => Number(date.slice(0, 4)) !== entry.year))
          problems.push({ list: 'calendar', path, message: `${field} is "${text}": not in the year ${entry.year}` });
      }
}
