import { randomUUID } from 'node:crypto';
import { WanglouError } from '../errors.ts';
import type { KeyedTable } from '../event-log/event-log.ts';
import { TableFollower } from '../event-log/table-follower.ts';
import { objectionTo } from './objections.ts';
import { peopleOf, type Change, type ChangeHead, type People } from './people.ts';

/** A lock or a revoked role reaches every program within this and what its feed takes to ask again. */
const LOOK_EVERY_MS = 250;

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** What is to change; when, in which order and under which id it is kept is the book's. */
export type NewChange = DistributiveOmit<Change, Exclude<keyof ChangeHead, 'by'>>;

/** A row of the table: a change, kept for ever, or the last second-factor step that an account used. */
type Row = { change: Change } | { usedStep: { account: string; step: number } };

export interface PeopleBookOptions {
  table: KeyedTable;
  /** '' when all is well. */
  onProblem: (problem: string) => void;
  /** ms since the Unix epoch. */
  now?: () => number;
}

/**
 * Who there is, in a keyed table of the event log that all `serve` programs share. What is known only grows: changes are
 * folded anew whenever there are more of them.
 */
export class PeopleBook {
  readonly #table: KeyedTable;
  readonly #now: () => number;
  readonly #follower: TableFollower<Row>;
  readonly #changes = new Map<string, Change>();
  readonly #usedSteps = new Map<string, number>();
  #people: People = peopleOf([]);

  constructor({ table, onProblem, now = Date.now }: PeopleBookOptions) {
    this.#table = table;
    this.#now = now;
    const onEntries = (rows: readonly Row[]): void => this.#learn(rows);
    this.#follower = new TableFollower(table, { onEntries, onProblem, everyMs: LOOK_EVERY_MS });
  }

  /** Resolves when everybody is known. @throws when the event log can not be read. */
  start(): Promise<void> {
    return this.#follower.start();
  }

  stop(): Promise<void> {
    return this.#follower.stop();
  }

  /** Reads what others have changed since the last look. */
  look(): Promise<void> {
    return this.#follower.look();
  }

  get people(): People {
    return this.#people;
  }

  /**
   * Makes a change: durable when this resolves, and it counts here from then on.
   * @returns its id.
   * @throws WanglouError that says which rule is against it.
   */
  async add(what: NewChange): Promise<string> {
    await this.look();
    const change = { ...what, id: randomUUID(), n: this.#people.n, at: this.#now() } as Change;
    const objection = objectionTo(this.#people, change);
    if (objection) {
      const { code, message, remedy, reason } = objection;
      throw new WanglouError(code, message, { remedy, details: { reason } });
    }
    await this.#put(`change/${String(change.n).padStart(12, '0')}/${change.id}`, { change });
    if (this.#people.taken.has(change.id)) return change.id;
    throw new WanglouError('WL_CONFLICT', 'Somebody else has changed the same account at this moment');
  }

  /** The step of the last code that signed the account in; 0 when none has. */
  usedStep(account: string): number {
    return this.#usedSteps.get(account) ?? 0;
  }

  /** Spends a step and all before it. @returns false when it has been spent before, also by another program. */
  async useStep(account: string, step: number): Promise<boolean> {
    await this.look();
    if (step <= this.usedStep(account)) return false;
    this.#usedSteps.set(account, step);
    await this.#put(`used-step/${account}`, { usedStep: { account, step } });
    return true;
  }

  async #put(key: string, row: Row): Promise<void> {
    await this.#table.put([[key, Buffer.from(JSON.stringify(row))]]);
    this.#learn([row]);
  }

  #learn(rows: readonly Row[]): void {
    const known = this.#changes.size;
    for (const row of rows)
      if ('change' in row) this.#changes.set(row.change.id, row.change);
      else this.#usedSteps.set(row.usedStep.account, Math.max(row.usedStep.step, this.usedStep(row.usedStep.account)));
    if (this.#changes.size > known) this.#people = peopleOf(this.#changes.values());
  }
}
