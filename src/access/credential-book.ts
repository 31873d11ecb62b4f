import { WanglouError } from '../errors.ts';
import type { KeyedTable } from '../event-log/event-log.ts';
import { TableFollower } from '../event-log/table-follower.ts';
import { endOf, isGood, type Credential } from './credentials.ts';
import { digest, drawSecret } from './secret.ts';

/** A row of the table: a credential, written when it is made and when it is ended, or its last use, which must undo no end. */
type Row = Credential | Pick<Credential, 'digest' | 'lastUsedAt' | 'lastUsedFrom'>;

/** What is ended at one program is worthless at every other within this, and what a request takes. */
const LOOK_EVERY_MS = 250;
/** A use is written down when the last one that is known is older. */
const NOTE_USE_AFTER_MS = 60_000;
/** So long after its end it can still be seen that there was one. */
const FORGET_AFTER_MS = 90 * 24 * 3_600_000;
/** Of one kind and account; the longest unused ones go first. */
const MOST_GOOD = 50;

export type NewCredential = Pick<Credential, 'kind' | 'account' | 'from' | 'expiresAt'> &
  Partial<Pick<Credential, 'version' | 'name' | 'only' | 'networks' | 'idleMs'>>;

export interface CredentialBookOptions {
  table: KeyedTable;
  /** '' when all is well. */
  onProblem: (problem: string) => void;
  /** ms since the Unix epoch. */
  now?: () => number;
}

/**
 * The secrets that people carry, in a keyed table of the event log that all `serve` programs share: who signed in at one is
 * known at all, and a restart signs nobody out. What is read is joined with what is known: an end stays an end.
 */
export class CredentialBook {
  readonly #table: KeyedTable;
  readonly #now: () => number;
  readonly #follower: TableFollower<Row>;
  readonly #known = new Map<string, Credential>();

  constructor({ table, onProblem, now = Date.now }: CredentialBookOptions) {
    this.#table = table;
    this.#now = now;
    const onEntries = (rows: readonly Row[]): void => {
      for (const row of rows) if ('kind' in row) this.#learn(row);
      for (const row of rows) if (!('kind' in row)) this.#learn(row);
    };
    this.#follower = new TableFollower(table, { onEntries, onProblem, everyMs: LOOK_EVERY_MS });
  }

  /** @throws when the event log can not be read. */
  async start(): Promise<void> {
    await this.#follower.start();
    await this.#forget();
  }

  stop(): Promise<void> {
    return this.#follower.stop();
  }

  /** Reads what others have changed since the last look. */
  look(): Promise<void> {
    return this.#follower.look();
  }

  all(): Credential[] {
    return [...this.#known.values()];
  }

  /** Also one that is good no more. */
  find(secret: string): Credential | undefined {
    return this.#known.get(digest(secret));
  }

  isGood(credential: Credential): boolean {
    return isGood(credential, this.#now());
  }

  /** Durable when resolved. @param secret drawn when it is left out. @returns it, told this once. */
  async add(made: NewCredential, secret = drawSecret()): Promise<{ secret: string; credential: Credential }> {
    const now = this.#now();
    const credential: Credential = {
      ...{ version: '', name: '', only: null, networks: [], idleMs: 0 },
      ...made,
      ...{ digest: digest(secret), createdAt: now, lastUsedAt: now, lastUsedFrom: made.from },
      ...{ endedAt: 0, endedBy: '' },
    };
    const good = this.all().filter((one) => one.kind === made.kind && one.account === made.account && this.isGood(one));
    good.sort((a, b) => b.lastUsedAt - a.lastUsedAt);
    await this.#put([credential, ...good.slice(MOST_GOOD - 1).map((one) => this.#ended(one, ''))]);
    return { secret, credential };
  }

  /** Worthless here when this resolves, and everywhere a moment later. */
  async end(credentials: readonly Credential[], by: string): Promise<void> {
    if (credentials.length > 0) await this.#put(credentials.map((one) => this.#ended(one, by)));
  }

  /**
   * Spends one that works once. @returns it, if it was good until now.
   * @throws WanglouError when the event log can not be written.
   */
  async spend(secret: string, kind: Credential['kind']): Promise<Credential | undefined> {
    await this.look();
    const found = this.find(secret);
    if (found?.kind !== kind || !this.isGood(found)) return undefined;
    this.#learn(this.#ended(found, found.account));
    await this.#put([this.#ended(found, found.account)]);
    return found;
  }

  /** Notes a use, to the minute; that it can not be written now holds nobody up. */
  used(credential: Credential, from: string): void {
    const now = this.#now();
    if (now - credential.lastUsedAt < NOTE_USE_AFTER_MS) return;
    const used = { digest: credential.digest, lastUsedAt: now, lastUsedFrom: from || credential.lastUsedFrom };
    this.#learn(used);
    void this.#table.put([[`used/${used.digest}`, encoded(used)]]).catch(() => undefined);
  }

  #ended(credential: Credential, by: string): Credential {
    return { ...credential, endedAt: this.#now(), endedBy: by };
  }

  async #put(credentials: readonly Credential[]): Promise<void> {
    await this.#table.put(credentials.map((one) => [one.digest, encoded(one)] as const)).catch((error: unknown) => {
      throw new WanglouError('WL_LOG_AWAY', 'Sessions and tokens can not be written now', { cause: error });
    });
    credentials.forEach((one) => this.#learn(one));
  }

  async #forget(): Promise<void> {
    const old = this.all().filter((one) => (one.endedAt || endOf(one)) + FORGET_AFTER_MS < this.#now());
    const keys = old.flatMap(({ digest: key }) => [key, `used/${key}`]);
    if (keys.length > 0) await this.#table.put(keys.map((key) => [key, undefined] as const));
    for (const { digest: key } of old) this.#known.delete(key);
  }

  /** What is known only grows: an end stays an end, and the last use is the last one. */
  #learn(row: Row): void {
    const known = this.#known.get(row.digest);
    if (!('kind' in row)) {
      if (known !== undefined && known.lastUsedAt < row.lastUsedAt) this.#known.set(row.digest, { ...known, ...row });
      return;
    }
    if (known === undefined) this.#known.set(row.digest, row);
    else if (known.endedAt === 0 && row.endedAt !== 0)
      this.#known.set(row.digest, { ...known, endedAt: row.endedAt, endedBy: row.endedBy });
  }
}

function encoded(row: Row): Buffer {
  return Buffer.from(JSON.stringify(row));
}
