import type {
  Account,
  Asset,
  Case,
  Contract,
  Department,
  Grant,
  Network,
  Person,
  Source,
  System,
  Vendor,
  WatchTag,
  WorkOrder,
} from './registry.ts';
import { momentOf } from './fields.ts';
import type { RegistryEntries } from './schema.ts';

/** A department with what only the look-ups themselves need. */
export interface DepartmentEntry extends Department {
  everyDay: boolean;
  duty: readonly { from: number; to: number }[];
}

/** The registry's lists as programs read them: times in ms, defaults filled in. */
export interface RegistryLists {
  departments: DepartmentEntry[];
  vendors: Vendor[];
  persons: Person[];
  systems: System[];
  assets: Asset[];
  accounts: Account[];
  contracts: Contract[];
  grants: Grant[];
  cases: Case[];
  workOrders: WorkOrder[];
  watchTags: WatchTag[];
  networks: Network[];
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
  const vendorOf = new Map(entries.contracts.map(({ id, vendor }) => [id, vendor]));
  return {
    departments: entries.departments.map(({ workingDays, duty, ...entry }) => ({
      ...entry,
      timeZone: entry.timeZone ?? timeZone,
      everyDay: workingDays === 'every-day',
      duty: duty.map(({ from, to }) => ({ from: start(from), to: end(to) })),
      ...valid(entry),
    })),
    vendors: entries.vendors.map((entry) => ({
      ...entry,
      lastAssessment: entry.lastAssessment && {
        at: start(entry.lastAssessment.date),
        result: entry.lastAssessment.result,
      },
      ndaUntil: entry.ndaUntil === undefined ? 0 : end(entry.ndaUntil),
      ...valid(entry),
    })),
    persons: entries.persons.map((entry) => ({ ...entry, ...valid(entry) })),
    systems: entries.systems.map((entry) => ({ ...entry, ...valid(entry) })),
    assets: entries.assets.map((entry) => ({
      ...entry,
      gradedAt: orZero(start(entry.gradedAt)),
      nextReview: orZero(start(entry.nextReview)),
      ...valid(entry),
    })),
    accounts: entries.accounts.map((entry) => ({
      ...entry,
      openedAt: orZero(start(entry.openedAt ?? entry.validFrom)),
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
    grants: entries.grants.map((entry) => ({
      ...entry,
      from: start(entry.from),
      to: end(entry.to),
      revokedAt: entry.revokedAt === undefined ? Infinity : start(entry.revokedAt),
    })),
    cases: entries.cases.map((entry) => ({ ...entry, opened: start(entry.opened), closed: end(entry.closed) })),
    workOrders: entries['work-orders'].map((entry) => ({
      ...entry,
      vendor: vendorOf.get(entry.contract) ?? '',
      from: start(entry.from),
      to: end(entry.to),
    })),
    watchTags: entries['watch-tags'].map((entry) => ({ ...entry, from: start(entry.from), until: end(entry.until) })),
    networks: entries.networks.map(({ latitude, longitude, ...entry }) => ({
      ...entry,
      latitude,
      longitude,
      ...valid(entry),
    })),
    calendar: entries.calendar,
    sources: entries.sources.map(({ silenceLimitMinutes, ...entry }) => ({
      ...entry,
      silenceLimitMs: silenceLimitMinutes * 60_000,
      name: entry.name ?? { zh: entry.id, en: entry.id },
      timeZone: entry.timeZone ?? timeZone,
    })),
  };
}

/** A date that is not stated is 0; for the opening of an account that is: long ago. */
function orZero(moment: number): number {
  return moment === -Infinity ? 0 : moment;
}
