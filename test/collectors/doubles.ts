import type { Event } from '../../src/event/event.ts';
import type { AppendLog } from '../../src/collectors/append-queue.ts';
import type { AppendRecord } from '../../src/collectors/append-records.ts';
import type { Identify } from '../../src/collectors/collector.ts';
import { EventIntake, type IntakeOptions } from '../../src/collectors/intake.ts';

/** An event log in memory whose appends can be held up or made to fail. */
export class MemoryLog implements AppendLog {
  readonly appends: AppendRecord[][] = [];
  /** Thrown by appends while set. */
  failure: Error | undefined;
  /** While set, appends wait for it. */
  gate: Promise<void> | undefined;
  attempts = 0;
  readonly #partitions: number;

  constructor(partitions = 1) {
    this.#partitions = partitions;
  }

  partitions(): number {
    return this.#partitions;
  }

  async append(records: readonly AppendRecord[]): Promise<number[]> {
    this.attempts++;
    await this.gate;
    await new Promise((resume) => setImmediate(resume));
    if (this.failure !== undefined) throw this.failure;
    this.appends.push([...records]);
    return records.map((_, i) => i);
  }

  /** All events that are durable, heartbeats left out. */
  events(): Event[] {
    const events = this.appends.flat().flatMap((record) => record.live.events);
    return events.filter((event) => event.action !== 'heartbeat');
  }

  raws(): string[] {
    return this.events().map((event) => event.raw);
  }
}

export function fullLog(): Error {
  return Object.assign(new Error('the volume is full'), { reason: 'full', retryAfterMs: 1_000 });
}

/** An intake whose reader keeps every text as it is; `!` at its beginning is a fault, `account=x ` names an account. */
export function intakeOn(log: AppendLog, options: Partial<IntakeOptions> = {}): EventIntake {
  return new EventIntake({
    log,
    parse: (text, event) => {
      event.raw = event.message = text;
      event.time = event.ingestTime;
      event.account = /account=(\S+)/.exec(text)?.[1] ?? '';
      return text.startsWith('!') ? 'not readable' : '';
    },
    encode: (events) => ({ bytes: Buffer.from(JSON.stringify(events)), baseEnd: 0 }),
    assemblerFor: () => undefined,
    ...options,
  });
}

/** Everybody is `<protocol>/<address>` unless a source is bound or proven by a certificate. */
export const identify: Identify = (sender) => ({
  collector: sender.collector,
  source: sender.boundSource || sender.certificateSubject || `${sender.protocol}/${sender.address}`,
  authenticated: sender.hasToken || sender.certificateSubject !== '',
  peer: sender.address,
  format: '',
  timeZone: 'Asia/Shanghai',
  encoding: 'utf-8',
});
