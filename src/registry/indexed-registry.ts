import { Calendar } from './calendar.ts';
import type { DepartmentEntry, RegistryLists } from './entries.ts';
import { dateOfDay, zoneClock } from './local-time.ts';
import { InForce } from './in-force.ts';
import { Lineage } from './lineage.ts';
import { LoginIndex } from './login-index.ts';
import { NetworkIndex } from './network-index.ts';
import { PeerGroups } from './peer-groups.ts';
import { PersonIndex } from './person-index.ts';
import type {
  Account,
  Asset,
  Case,
  Contract,
  Department,
  Grant,
  Network,
  Person,
  RegisteredEntries,
  Registry,
  Source,
  System,
  Vendor,
  WatchTag,
  WorkOrder,
} from './registry.ts';
import { addTo, DatedIndex, NameIndex, validAt } from './versions.ts';

const NO_CONTRACTS: readonly Contract[] = Object.freeze([]);
const NO_GRANTS: readonly Grant[] = Object.freeze([]);
const DEFAULT_HOURS = [{ from: 510, to: 1080 }];

/** The registry over maps: every look-up is one or two map reads. Built once from checked lists, never changed. */
export class IndexedRegistry implements Registry {
  readonly version: string;
  readonly entries: RegisteredEntries;
  readonly #defaultZone: string;
  readonly #departments = new Map<string, DepartmentEntry[]>();
  readonly #systems = new NameIndex<System>();
  readonly #assets = new NameIndex<Asset>();
  readonly #accounts: LoginIndex;
  readonly #vendors = new Map<string, Vendor[]>();
  readonly #persons: PersonIndex;
  readonly #contracts = new Map<string, Contract[]>();
  readonly #contractsById = new DatedIndex<Contract>((contract) => contract);
  readonly #grants = new DatedIndex<Grant>(grantPeriod);
  readonly #grantsOn = new InForce<Grant>(grantPeriod);
  readonly #grantsOf = {
    department: new Map<string, Grant[]>(),
    system: new Map<string, Grant[]>(),
    person: new Map<string, Grant[]>(),
  };
  readonly #cases = new DatedIndex<Case>(({ opened, closed }) => ({ from: opened, to: closed }));
  readonly #workOrders = new DatedIndex<WorkOrder>((order) => order);
  readonly #workOrdersOf = new InForce<WorkOrder>((order) => order);
  readonly #watchTags = { 'data-subject': new Map<string, WatchTag[]>(), account: new Map<string, WatchTag[]>() };
  readonly #lineage: Lineage;
  readonly #networks: NetworkIndex;
  readonly #sources = new Map<string, Source>();
  readonly #sourceList: readonly Source[];
  readonly #calendar: Calendar;
  readonly #peers: PeerGroups;
  readonly #warnings: string[];
  readonly #yearsWarned = new Set<number>();

  /** @param version digest of the content. */
  constructor(lists: RegistryLists, defaultZone: string, version: string, warnings: readonly string[]) {
    this.version = version;
    const { departments, systems, assets, vendors, grants } = lists;
    this.entries = { departments, systems, assets, vendors, grants };
    this.#defaultZone = defaultZone;
    this.#warnings = [...warnings];
    for (const entry of lists.departments) addTo(this.#departments, entry.id, entry);
    for (const entry of lists.systems) for (const name of [entry.id, ...entry.hosts]) this.#systems.add(name, entry);
    for (const entry of lists.assets) for (const name of [entry.id, ...entry.names]) this.#assets.add(name, entry);
    for (const entry of lists.vendors) addTo(this.#vendors, entry.id, entry);
    for (const entry of lists.contracts) {
      addTo(this.#contracts, entry.vendor, entry);
      this.#contractsById.add(entry.id, entry);
    }
    for (const entry of lists.grants) {
      this.#grants.add(entry.id, entry);
      this.#grantsOn.add(entry.asset, entry);
      addTo(this.#grantsOf[entry.recipientKind], entry.recipient, entry);
    }
    for (const entry of lists.cases) this.#cases.add(entry.number, entry);
    for (const entry of lists.workOrders) {
      this.#workOrders.add(entry.id, entry);
      this.#workOrdersOf.add(entry.vendor, entry);
    }
    for (const entry of lists.watchTags) addTo(this.#watchTags[entry.kind], entry.value, entry);
    for (const entry of lists.sources) this.#sources.set(entry.id, entry);
    this.#sourceList = lists.sources;
    this.#calendar = new Calendar(lists.calendar);
    this.#accounts = new LoginIndex(lists.accounts);
    this.#peers = new PeerGroups(lists.accounts);
    this.#persons = new PersonIndex(lists.persons, lists.accounts);
    this.#lineage = new Lineage((id, at) => this.#assets.at(id, at)?.derivedFrom);
    this.#networks = new NetworkIndex(lists.networks);
  }

  get warnings(): readonly string[] {
    return this.#warnings;
  }

  department(id: string, at: number): Department | undefined {
    return validAt(this.#departments.get(id), at);
  }

  /** A host is also found by its name without the domain. */
  system(idOrHost: string, at: number): System | undefined {
    if (idOrHost === '') return undefined;
    const found = this.#systems.at(idOrHost, at);
    if (found) return found;
    const dot = idOrHost.indexOf('.');
    const isAddress = idOrHost.charCodeAt(0) < 58 || idOrHost.includes(':');
    return dot > 0 && !isAddress ? this.#systems.at(idOrHost.slice(0, dot), at) : undefined;
  }

  asset(idOrName: string, at: number): Asset | undefined {
    return idOrName === '' ? undefined : this.#assets.at(idOrName, at);
  }

  account(login: string, system: string, at: number): Account | undefined {
    return this.#accounts.at(login, system, at);
  }

  vendor(id: string, at: number): Vendor | undefined {
    return validAt(this.#vendors.get(id), at);
  }

  contractsOf(vendor: string): readonly Contract[] {
    return this.#contracts.get(vendor) ?? NO_CONTRACTS;
  }

  contract(id: string, at: number): Contract | undefined {
    return this.#contractsById.at(id, at);
  }

  person(id: string, at: number): Person | undefined {
    return this.#persons.at(id, at);
  }

  accountsOf(person: string, at: number): readonly Account[] {
    return this.#persons.accounts(person, at);
  }

  grantsFor(asset: string, at: number): readonly Grant[] {
    return this.#grantsOn.at(asset, at);
  }

  grantsOn(asset: string): readonly Grant[] {
    return this.#grantsOn.all(asset);
  }

  grantsOf(kind: Grant['recipientKind'], recipient: string): readonly Grant[] {
    return this.#grantsOf[kind].get(recipient) ?? NO_GRANTS;
  }

  grant(id: string, at: number): Grant | undefined {
    return this.#grants.at(id, at);
  }

  case(number: string, at: number): Case | undefined {
    return this.#cases.at(number, at);
  }

  workOrders(vendor: string, at: number): readonly WorkOrder[] {
    return this.#workOrdersOf.at(vendor, at);
  }

  workOrdersOf(vendor: string): readonly WorkOrder[] {
    return this.#workOrdersOf.all(vendor);
  }

  workOrder(id: string, at: number): WorkOrder | undefined {
    return this.#workOrders.at(id, at);
  }

  watchTag(kind: WatchTag['kind'], value: string, at: number): WatchTag | undefined {
    return this.#watchTags[kind].get(value)?.find(({ from, until }) => at >= from && at < until);
  }

  derivedFrom(asset: string, at: number): readonly string[] {
    return this.#lineage.of(asset, at);
  }

  network(address: string, at: number): Network | undefined {
    return this.#networks.at(address, at);
  }

  source(id: string): Source | undefined {
    return this.#sources.get(id);
  }

  sources(): readonly Source[] {
    return this.#sourceList;
  }

  dayType(at: number, department: string): 'workday' | 'rest' {
    return this.#isWorkday(zoneClock(this.timeZone(department)).dayOf(at)) ? 'workday' : 'rest';
  }

  isWorkingTime(at: number, department: string): boolean {
    const entry = validAt(this.#departments.get(department), at);
    const clock = zoneClock(entry === undefined ? this.#defaultZone : entry.timeZone);
    const minute = clock.minuteOf(at);
    for (const { from, to } of entry === undefined ? DEFAULT_HOURS : entry.workingHours) {
      if (minute < from || minute >= to) continue;
      if (entry?.everyDay === true || this.#isWorkday(clock.dayOf(at))) return true;
    }
    return entry !== undefined && entry.duty.some(({ from, to }) => at >= from && at < to);
  }

  timeZone(department: string): string {
    return this.#departments.get(department)?.[0]?.timeZone ?? this.#defaultZone;
  }

  peersOf(actor: string, at: number): readonly string[] {
    return this.#peers.of(actor, at);
  }

  #isWorkday(day: number): boolean {
    const year = Math.floor(day / 365.2425) + 1970;
    if (!this.#yearsWarned.has(year)) this.#lookAtYear(day, year);
    return this.#calendar.isWorkday(day);
  }

  /** The year by division may be one off at its ends; both are then looked at, once. */
  #lookAtYear(day: number, guess: number): void {
    this.#yearsWarned.add(guess);
    const year = Number(dateOfDay(day).slice(0, 4));
    if (this.#calendar.covers(year) || this.#warnings.some((text) => text.includes(`year ${year} `))) return;
    this.#warnings.push(
      `calendar: year ${year} has no holidays and make-up workdays; its days count by weekday until calendar.yaml has them`,
    );
  }
}

/** A revoked grant ends when it was revoked. */
function grantPeriod({ from, to, revokedAt }: Grant): { from: number; to: number } {
  return { from, to: Math.min(to, revokedAt) };
}
