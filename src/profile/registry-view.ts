import type { Bilingual } from '../finding/finding.ts';
import type { Grant, Registry } from '../registry/registry.ts';
import type { ListName } from '../registry/schema.ts';

/** The registry, and the names in it. */
export interface RegistrySource {
  current(): Registry;
  /** What is known of each name of a list, as people wrote it. */
  history: {
    all(list: ListName): Iterable<{ key: string; entries: readonly object[] }>;
    latest(list: ListName, key: string): { entries: readonly object[] } | undefined;
  };
}

/** Somebody or something by id; the name is the id when the registry knows none. */
export interface Named {
  id: string;
  name: Bilingual;
  /** Whether the registry has it at that time. */
  known: boolean;
}

export type PartyKind = 'department' | 'vendor' | 'system' | 'person' | 'unknown';
export interface Party extends Named {
  kind: PartyKind;
}

/** A grant for people; times are ms since the Unix epoch, null where there is no end. */
export interface GrantView {
  id: string;
  asset: Named;
  recipient: Party;
  fields: readonly string[];
  actions: readonly string[];
  purpose: string;
  rowsPerDay: number;
  ratePerMinute: number;
  from: number;
  to: number | null;
  revokedAt: number | null;
  state: 'in-force' | 'to-come' | 'over' | 'revoked';
  onwardTo: readonly Party[];
  approver: string;
  approvalNumber: string;
}

type Lookup = 'department' | 'vendor' | 'system' | 'person' | 'asset';

/** The registry as of one time, with names for people. */
export class RegistryView {
  readonly registry: Registry;
  readonly at: number;
  readonly #source: RegistrySource;

  constructor(source: RegistrySource, at: number) {
    this.#source = source;
    this.registry = source.current();
    this.at = at;
  }

  /** @returns undefined for ''. */
  named(kind: Lookup, id: string): Named | undefined {
    if (id === '') return undefined;
    const entry = this.registry[kind](id, this.at);
    return { id, name: entry?.name ?? both(id), known: entry !== undefined };
  }

  all(kind: Lookup, ids: readonly string[]): Named[] {
    return ids.flatMap((id) => this.named(kind, id) ?? []);
  }

  /** Whoever is meant by the id, of whatever kind. */
  party(id: string): Party {
    for (const kind of ['department', 'vendor', 'system', 'person'] as const) {
      const entry = this.registry[kind](id, this.at);
      if (entry !== undefined) return { kind, id, name: entry.name, known: true };
    }
    return { kind: 'unknown', id, name: both(id), known: false };
  }

  /** An account by its id, with the name of its person. */
  actor(id: string): Named {
    const account = this.entry('accounts', id);
    const person = text(account, 'person');
    const name = this.registry.person(person, this.at)?.name ?? both(text(account, 'personName') || id);
    return { id, name, known: account !== undefined };
  }

  /** An entry as people wrote it, valid at this time or else the last one. */
  entry(list: ListName, id: string): object | undefined {
    return this.#source.history.latest(list, id)?.entries.at(-1);
  }

  /** Names of a list whose entry states this value in this field. */
  where(list: ListName, field: string, value: string): string[] {
    const ids: string[] = [];
    for (const { key, entries } of this.#source.history.all(list))
      if (entries.some((entry) => text(entry, field) === value)) ids.push(key);
    return ids;
  }

  ids(list: ListName): string[] {
    return [...this.#source.history.all(list)].map(({ key }) => key);
  }

  grant(grant: Grant): GrantView {
    return {
      id: grant.id,
      asset: this.named('asset', grant.asset)!,
      recipient: this.party(grant.recipient),
      fields: grant.fields,
      actions: grant.actions,
      purpose: grant.purpose,
      rowsPerDay: grant.quota.rowsPerDay,
      ratePerMinute: grant.quota.ratePerMinute,
      from: grant.from,
      to: finite(grant.to),
      revokedAt: finite(grant.revokedAt),
      state: stateOf(grant, this.at),
      onwardTo: grant.onwardTo.map((id) => this.party(id)),
      approver: grant.approver,
      approvalNumber: grant.approvalNumber,
    };
  }

  /** Those in force first, then by their beginning, the latest first. */
  grants(grants: Iterable<Grant>): GrantView[] {
    const once = new Map([...grants].map((grant) => [`${grant.id} ${grant.from}`, this.grant(grant)]));
    const rank = ({ state }: GrantView): number => (state === 'in-force' ? 0 : 1);
    return [...once.values()].sort((a, b) => rank(a) - rank(b) || b.from - a.from || (a.id < b.id ? -1 : 1));
  }
}

function stateOf({ from, to, revokedAt }: Grant, at: number): GrantView['state'] {
  if (at >= revokedAt) return 'revoked';
  if (at < from) return 'to-come';
  return at < to ? 'in-force' : 'over';
}

/** A text field of an entry as people wrote it; '' when it states none. */
export function text(entry: object | undefined, field: string): string {
  const value = (entry as Record<string, unknown> | undefined)?.[field];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

export function both(name: string): Bilingual {
  return { zh: name, en: name };
}

/** Infinity and -Infinity have no form in JSON. */
export function finite(at: number): number | null {
  return Number.isFinite(at) ? at : null;
}
