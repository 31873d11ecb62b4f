import type { AuditEntry } from './entry.ts';

const MAX_KINDS = 200;
const MAX_NAMES = 10;
const MANY = 'many';

interface Counted {
  first: AuditEntry;
  last: AuditEntry;
  more: number;
  objects: Set<string>;
}

/**
 * Refusals of one minute, so that a flood of them does not fill the disk: the first of its kind (address, account, roles,
 * action, code; of senders also the reason) is a record of its own, the others are one more, with their count. Bounded in
 * kinds: those beyond are one kind.
 */
export class Refusals {
  readonly #counted = new Map<string, Counted>();

  /** @returns what has to be recorded now; undefined when it is only counted. */
  add(refusal: AuditEntry): AuditEntry | undefined {
    const { address, account, action, code, object, roles } = refusal;
    const own = JSON.stringify([address, account, action, code, roles, action === 'ingest' ? object : '']);
    const isOne = this.#counted.has(own) || this.#counted.size < MAX_KINDS;
    const kind = isOne ? own : MANY;
    const entry = isOne ? refusal : { ...refusal, address: MANY, account: '', object: '' };
    const known = this.#counted.get(kind);
    if (known === undefined) {
      this.#counted.set(kind, { first: entry, last: entry, more: 0, objects: new Set() });
      return entry;
    }
    known.more++;
    known.last = entry;
    if (known.objects.size < MAX_NAMES) known.objects.add(entry.object);
    return undefined;
  }

  /** What was counted since the last call beyond the first of each kind: one record each. */
  take(): AuditEntry[] {
    const entries = [...this.#counted.values()]
      .filter(({ more }) => more > 0)
      .map(({ last, more, objects }) => ({ ...last, count: more, object: [...objects].join(', ') }));
    this.#counted.clear();
    return entries;
  }
}
