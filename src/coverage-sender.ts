import type { Logger } from 'pino';
import type { EventIntake } from './collectors/intake.ts';
import type { DoorStatement } from './coverage/record.ts';
import type { EventLog } from './event-log/event-log.ts';

/** Also when nothing has come, so that a program that lives is told from one that was killed. */
const ALIVE_MS = 10_000;

/**
 * Says in the topic `coverage` what came to the doors of this program. What can not be said is said the next time; what was
 * counted since the last time is all that a kill can take along.
 */
export class CoverageSender {
  readonly #log: EventLog;
  readonly #intake: Pick<EventIntake, 'statement' | 'stated'>;
  readonly #everyMs: number;
  readonly #ownLog: Logger;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> = Promise.resolve();
  #isSending = false;
  #saidAt = -Infinity;

  constructor(
    log: EventLog,
    intake: Pick<EventIntake, 'statement' | 'stated'>,
    { everyMs }: { everyMs: number },
    ownLog: Logger,
  ) {
    this.#log = log;
    this.#intake = intake;
    this.#everyMs = everyMs;
    this.#ownLog = ownLog;
  }

  start(): void {
    this.#say(false);
    this.#timer = setInterval(() => this.#say(false), this.#everyMs);
  }

  /** Says farewell: to be called when the intake has stopped. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sending;
    this.#say(true);
    await this.#sending;
  }

  #say(ended: boolean): void {
    if (this.#isSending) return;
    const statement = this.#intake.statement(ended);
    if (!ended && statement.minutes.length === 0 && performance.now() - this.#saidAt < ALIVE_MS) return;
    this.#isSending = true;
    this.#sending = this.#send(statement).finally(() => (this.#isSending = false));
  }

  async #send(statement: DoorStatement): Promise<void> {
    const value = Buffer.from(JSON.stringify(statement));
    const record = { topic: 'coverage', partition: 0, key: `door/${statement.epoch}`, value, live: statement } as const;
    try {
      await this.#log.append([record]);
      this.#intake.stated(statement);
      this.#saidAt = performance.now();
    } catch (error) {
      this.#ownLog.debug({ err: error }, 'the coverage ledger was not told of what came in; it is told the next time');
    }
  }
}
