import { TemplateIndex } from './templates.ts';

/** What is valid from `validFrom` (inclusive) to `validTo` (exclusive), ms since the epoch. */
export interface Valid {
  validFrom: number;
  validTo: number;
}

/** The version that is valid at a time; nearly always there is only one to look at. */
export function validAt<T extends Valid>(versions: readonly T[] | undefined, at: number): T | undefined {
  if (versions === undefined) return undefined;
  for (const version of versions) if (at >= version.validFrom && at < version.validTo) return version;
  return undefined;
}

/** Appends to the list under a key. */
export function addTo<K, T>(lists: Map<K, T[]>, key: K, entry: T): void {
  const list = lists.get(key);
  if (list) list.push(entry);
  else lists.set(key, [entry]);
}

interface Answer<T> {
  /** The entry when it is the only one and has no dates: most are, and to read dates costs more than all the rest. */
  always: T | undefined;
  versions: readonly T[] | undefined;
}

function answerOf<T extends Valid>(versions: readonly T[] | undefined): Answer<T> {
  const only = versions?.length === 1 ? versions[0] : undefined;
  const always = only !== undefined && only.validFrom === -Infinity && only.validTo === Infinity ? only : undefined;
  return { always, versions };
}

/**
 * Looks names up exactly, then in small letters, by template (`/person/{id}`), and by the longest pattern `prefix*`; what is
 * still not found is tried without its query (`?…`) and with `/` for `\\`. Remembers what it found.
 */
export class NameIndex<T extends Valid> {
  readonly #exact = new Map<string, T[]>();
  readonly #prefixes = new Map<string, T[]>();
  readonly #templates = new TemplateIndex<T>();
  readonly #remembered = new Map<string, Answer<T>>();
  /** Of the prefixes, longest first. */
  readonly #lengths: number[] = [];

  add(name: string, entry: T): void {
    if (name.endsWith('*')) {
      addTo(this.#prefixes, name.slice(0, -1).toLowerCase(), entry);
      if (!this.#lengths.includes(name.length - 1)) this.#lengths.push(name.length - 1);
      this.#lengths.sort((a, b) => b - a);
      return;
    }
    if (TemplateIndex.isTemplate(name)) this.#templates.add(name, entry);
    addTo(this.#exact, name, entry);
    if (name.toLowerCase() !== name) addTo(this.#exact, name.toLowerCase(), entry);
  }

  at(name: string, at: number): T | undefined {
    let answer = this.#remembered.get(name);
    if (answer === undefined) {
      if (this.#remembered.size > 50_000) this.#remembered.clear();
      answer = answerOf(this.#find(name) ?? this.#findOtherwise(name));
      this.#remembered.set(name, answer);
    }
    return answer.always ?? validAt(answer.versions, at);
  }

  /** Addresses carry queries, and paths of Windows other slashes. */
  #findOtherwise(name: string): readonly T[] | undefined {
    const query = name.indexOf('?');
    const path = (query > 0 ? name.slice(0, query) : name).replaceAll('\\', '/');
    return path === name ? undefined : this.#find(path);
  }

  #find(name: string): readonly T[] | undefined {
    const lower = name.toLowerCase();
    const exact = this.#exact.get(name) ?? this.#exact.get(lower);
    if (exact) return exact;
    const fitting = this.#templates.find(lower);
    if (fitting) return fitting;
    for (const length of this.#lengths) {
      if (length > lower.length) continue;
      const found = this.#prefixes.get(lower.slice(0, length));
      if (found) return found;
    }
    return undefined;
  }
}

/** Entries by key, each with its versions; `at` prefers the one in force, then the last that began before, then the first. */
export class DatedIndex<T> {
  readonly #byKey = new Map<string, T[]>();
  readonly #period: (entry: T) => { from: number; to: number };

  constructor(period: (entry: T) => { from: number; to: number }) {
    this.#period = period;
  }

  add(key: string, entry: T): void {
    addTo(this.#byKey, key, entry);
  }

  at(key: string, at: number): T | undefined {
    const versions = this.#byKey.get(key);
    if (versions === undefined || versions.length === 1) return versions?.[0];
    let best: T | undefined;
    let bestFrom = -Infinity;
    for (const version of versions) {
      const { from, to } = this.#period(version);
      if (at >= from && at < to) return version;
      if (from > at || from < bestFrom) continue;
      [best, bestFrom] = [version, from];
    }
    return best ?? versions[0];
  }
}
