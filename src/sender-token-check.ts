import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { SENDER_PREFIX, SenderTokens, type Checked, type SenderToken } from './access/sender-tokens.ts';
import { bearerOf } from './access/tokens.ts';
import type { EventLog } from './event-log/event-log.ts';
import { TableFollower } from './event-log/table-follower.ts';
import { keepTrying } from './keep-trying.ts';

/** A revoked token may be good for a second: a look every half of it, and the time to read. */
const LOOK_EVERY_MS = 500;
const TELL_USES_EVERY_MS = 30_000;
const MAX_TOLD = 1_000;

/** Who may append, in a `collect` program: the tokens of senders as the event log has them now, and the file's for all. */
export class SenderTokenCheck {
  /** Why the tokens that are known may not be the ones that hold; '' when all is well. */
  problem = '';
  readonly #log: EventLog;
  readonly #ownLog: Logger;
  readonly #forAll: (authorizationHeader: string) => { source: string } | undefined;
  readonly #tokens = new SenderTokens();
  readonly #follower: TableFollower<SenderToken>;
  readonly #stopping = new AbortController();
  /** Refusals that were logged in this round. */
  readonly #told = new Set<string>();
  #telling: Promise<void> = Promise.resolve();

  /** @param forAll which source the token of the data directory's file allows. */
  constructor(log: EventLog, ownLog: Logger, forAll: (authorizationHeader: string) => { source: string } | undefined) {
    this.#log = log;
    this.#ownLog = ownLog;
    this.#forAll = forAll;
    this.#follower = new TableFollower<SenderToken>(log.table('sender-tokens'), {
      everyMs: LOOK_EVERY_MS,
      onEntries: (tokens) => this.#tokens.replace(tokens),
      onProblem: (problem) => (this.problem = problem && `tokens of senders can not be read: ${problem}`),
    });
  }

  async start(): Promise<void> {
    await keepTrying('tokens of senders', () => this.#follower.start(), this.#ownLog);
    this.#telling = this.#tellUses();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#telling;
    await this.#follower.stop();
  }

  /** @param address of the peer. */
  readonly authorize = (authorizationHeader: string, address: string): Checked | undefined => {
    const token = bearerOf(authorizationHeader);
    if (!token.startsWith(SENDER_PREFIX)) return this.#forAll(authorizationHeader);
    const checked = this.#tokens.check(token, address);
    if ('refused' in checked) this.#tell(checked.reason, checked.refused.message, address);
    return checked;
  };

  /** Once for each sender and reason in a round, so that a sender that keeps trying does not fill the log. */
  #tell(reason: string, message: string, address: string): void {
    const key = `${reason} ${address}`;
    if (this.#told.has(key) || this.#told.size >= MAX_TOLD) return;
    this.#told.add(key);
    this.#ownLog.warn({ peer: address, reason }, message);
  }

  /** Writes down when and from where tokens were used last; that it can not be written now holds nothing up. */
  async #tellUses(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await pause(TELL_USES_EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
      this.#told.clear();
      const uses = this.#tokens.takeUses().map((use) => [use.id, Buffer.from(JSON.stringify(use))] as const);
      if (uses.length === 0) continue;
      await this.#log
        .table('sender-token-uses')
        .put(uses)
        .catch((error: unknown) => this.#ownLog.debug({ err: error }, 'last uses of tokens not written'));
    }
  }
}
