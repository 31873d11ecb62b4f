import type { Asset, Person, Vendor } from '../registry/registry.ts';
import { finite, text, type GrantView, type Named, type RegistryView } from './registry-view.ts';

/** What the registry says of an account. */
export interface ActorFacts {
  kind: 'actor';
  login: string;
  person: Named | undefined;
  department: Named | undefined;
  vendor: Named | undefined;
  role: string;
  privileged: boolean;
  systems: readonly Named[];
  /** ms since the Unix epoch; null when not stated, or without an end. */
  openedAt: number | null;
  closedAt: number | null;
  /** Why it is under special watch; '' when it is not. */
  watched: string;
  otherAccounts: readonly Named[];
  grants: readonly GrantView[];
}

export interface AssetFacts extends Pick<
  Asset,
  'names' | 'level' | 'personalInformation' | 'fields' | 'rows' | 'persons' | 'sharing' | 'gradedAt' | 'nextReview'
> {
  kind: 'asset';
  system: Named | undefined;
  owner: Named | undefined;
  supervisor: Named | undefined;
  derivedFrom: readonly Named[];
  /** All of them, whatever their dates. */
  grants: readonly GrantView[];
}

export interface VendorFacts extends Pick<Vendor, 'creditCode' | 'contacts' | 'ndaUntil' | 'backgroundChecks'> {
  kind: 'vendor';
  lastAssessment: { at: number; result: 'passed' | 'conditional' | 'failed' } | null;
  builds: readonly Named[];
  runs: readonly Named[];
}

export interface DepartmentPerson extends Named {
  /** Accounts that are open. */
  accounts: readonly string[];
  privileged: boolean;
}

export interface DepartmentAsset extends Named {
  level: Asset['level'];
  personalInformation: Asset['personalInformation'];
  grants: number;
}

export interface DepartmentFacts {
  kind: 'department';
  parent: Named | undefined;
  sections: readonly Named[];
  systems: readonly Named[];
  /** At most 500; `personCount` are all. */
  people: readonly DepartmentPerson[];
  personCount: number;
  assets: readonly DepartmentAsset[];
  given: readonly GrantView[];
  received: readonly GrantView[];
}

export type Facts = ActorFacts | AssetFacts | VendorFacts | DepartmentFacts;

const MOST_PEOPLE = 500;

/** @param id of an account. @returns undefined when the registry does not know it. */
export function actorFacts(view: RegistryView, id: string): ActorFacts | undefined {
  const entry = view.entry('accounts', id);
  if (entry === undefined) return undefined;
  const { registry, at } = view;
  const systems = (entry as { systems?: readonly string[] }).systems ?? [];
  const account = registry.account(text(entry, 'login'), systems[0] ?? '', at);
  const person = text(entry, 'person');
  return {
    kind: 'actor',
    login: text(entry, 'login'),
    person: view.named('person', person),
    department: view.named('department', text(entry, 'department') || (registry.person(person, at)?.department ?? '')),
    vendor: view.named('vendor', text(entry, 'vendor') || (registry.person(person, at)?.vendor ?? '')),
    role: text(entry, 'role'),
    privileged: (entry as { privileged?: boolean }).privileged === true,
    systems: view.all('system', systems),
    openedAt: account === undefined || account.openedAt === 0 ? null : finite(account.openedAt),
    closedAt: account === undefined ? null : finite(account.validTo),
    watched: registry.watchTag('account', id, at)?.reason ?? '',
    otherAccounts: registry
      .accountsOf(person, at)
      .filter((other) => other.id !== id)
      .map((other) => view.actor(other.id)),
    grants: view.grants(person === '' ? [] : registry.grantsOf('person', person)),
  };
}

export function assetFacts(view: RegistryView, id: string): AssetFacts | undefined {
  const asset = view.registry.asset(id, view.at);
  if (asset === undefined) return undefined;
  const { names, level, personalInformation, fields, rows, persons, sharing, gradedAt, nextReview } = asset;
  return {
    kind: 'asset',
    ...{ names, level, personalInformation, fields, rows, persons, sharing, gradedAt, nextReview },
    system: view.named('system', asset.system),
    owner: view.named('department', asset.owner),
    supervisor: view.named('department', asset.supervisor),
    derivedFrom: view.all('asset', asset.derivedFrom),
    grants: view.grants(view.registry.grantsOn(asset.id)),
  };
}

export function vendorFacts(view: RegistryView, id: string): VendorFacts | undefined {
  const vendor = view.registry.vendor(id, view.at);
  if (vendor === undefined) return undefined;
  const { creditCode, contacts, ndaUntil, backgroundChecks, lastAssessment = null } = vendor;
  return {
    kind: 'vendor',
    ...{ creditCode, contacts, ndaUntil, backgroundChecks, lastAssessment },
    builds: view.all('system', view.where('systems', 'builtBy', id)),
    runs: view.all('system', view.where('systems', 'runBy', id)),
  };
}

export function departmentFacts(view: RegistryView, id: string): DepartmentFacts | undefined {
  const { registry, at } = view;
  const department = registry.department(id, at);
  if (department === undefined) return undefined;
  const systems = view.where('systems', 'department', id);
  const assets = view.where('assets', 'owner', id).filter((asset) => registry.asset(asset, at) !== undefined);
  const people = peopleOf(view, id);
  return {
    kind: 'department',
    parent: view.named('department', department.parent),
    sections: view.all('department', view.where('departments', 'parent', id)),
    systems: view.all('system', systems),
    people: people.slice(0, MOST_PEOPLE),
    personCount: people.length,
    assets: assets.map((asset) => assetOf(view, asset)),
    given: view.grants(assets.flatMap((asset) => registry.grantsOn(asset))),
    received: view.grants([
      ...registry.grantsOf('department', id),
      ...systems.flatMap((system) => registry.grantsOf('system', system)),
    ]),
  };
}

function assetOf(view: RegistryView, id: string): DepartmentAsset {
  const { level, personalInformation } = view.registry.asset(id, view.at)!;
  return {
    ...view.named('asset', id)!,
    level,
    personalInformation,
    grants: view.registry.grantsFor(id, view.at).length,
  };
}

/** Persons who are entered as the department's, or have an account of it; those with rights over others first. */
function peopleOf(view: RegistryView, department: string): DepartmentPerson[] {
  const named = view
    .where('accounts', 'department', department)
    .map((id) => text(view.entry('accounts', id), 'person'));
  const ids = new Set([...view.where('persons', 'department', department), ...named].filter((id) => id !== ''));
  const people = [...ids].flatMap((id) => {
    const person: Person | undefined = view.registry.person(id, view.at);
    if (person === undefined) return [];
    const accounts = view.registry.accountsOf(id, view.at);
    const privileged = accounts.some((account) => account.privileged);
    return [{ id, name: person.name, known: true, accounts: accounts.map((account) => account.id), privileged }];
  });
  return people.sort((a, b) => Number(b.privileged) - Number(a.privileged) || (a.id < b.id ? -1 : 1));
}
