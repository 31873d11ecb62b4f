import type { Account, Asset, Contract, Department, Source, System, Vendor } from './registry.ts';
import { momentOf, type RegistryEntries } from './schema.ts';

/** A department with what only the look-ups themselves need. */
export interface DepartmentEntry extends Department {
  everyDay: boolean;
  duty: readonly { from: number; to: number }[];
}

/** The registry's lists as programs read them: times in ms, defaults filled in. */
export interface RegistryLists {
  departments: DepartmentEntry[];
  vendors: Vendor[];
  systems: System[];
  assets: Asset[];
  accounts: Account[];
  contracts: Contract[];
  calendar: RegistryEntries['calendar'];
  sources: Source[];
}

/** @param timeZone of dates without an offset, and of departments and sources that name none. */
export function listsOf(entries: RegistryEntries, timeZone: string): RegistryLists {
  const start = (text: string | undefined): number =>
    text === undefined ? -Infinity : momentOf(text, 'start', timeZone);
  const end = (text: string | undefined): number => (text === undefined ? Infinity : momentOf(text, 'end', timeZone));
  const valid = (entry: { validFrom?: string | undefined; validTo?: string | undefined }) => ({
    validFrom: start(entry.validFrom),
    validTo: end(entry.validTo),
  });
  return {
    departments: entries.departments.map(({ workingDays, duty, ...entry }) => ({
      ...entry,
      timeZone: entry.timeZone ?? timeZone,
      everyDay: workingDays === 'every-day',
      duty: duty.map(({ from, to }) => ({ from: start(from), to: end(to) })),
      ...valid(entry),
    })),
    vendors: entries.vendors.map((entry) => ({ ...entry, ...valid(entry) })),
    systems: entries.systems.map((entry) => ({ ...entry, ...valid(entry) })),
    assets: entries.assets.map((entry) => ({ ...entry, ...valid(entry) })),
    accounts: entries.accounts.map((entry) => ({
      ...entry,
      openedAt: openedAt(start(entry.openedAt ?? entry.validFrom)),
      ...valid(entry),
    })),
    contracts: entries.contracts.map((entry) => ({
      ...entry,
      from: start(entry.from),
      to: end(entry.to),
      roster: entry.roster.map(({ person, from, to }) => ({
        person,
        from: start(from ?? entry.from),
        to: end(to ?? entry.to),
      })),
    })),
    calendar: entries.calendar,
    sources: entries.sources.map((entry) => ({
      ...entry,
      name: entry.name ?? { zh: entry.id, en: entry.id },
      timeZone: entry.timeZone ?? timeZone,
    })),
  };
}

/** An account without any date was opened at an unknown time long ago: 0. */
function openedAt(moment: number): number {
  return moment === -Infinity ? 0 : moment;
}
