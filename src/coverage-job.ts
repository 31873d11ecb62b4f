import { balance, isBalanced, wasKilled, type CoverageLine, type Epoch } from './coverage/balance.ts';
import { MINUTE_MS, minuteOf } from './coverage/record.ts';
import { withReplays, type DoneReplay } from './coverage/replay.ts';
import type { CoverageQueries } from './store/coverage-queries.ts';

export interface CoverageJobParts {
  store: Pick<
    CoverageQueries,
    'doors' | 'reads' | 'stored' | 'epochs' | 'reached' | 'countedSince' | 'checkedTo' | 'lines' | 'doneReplays'
  >;
  write: (lines: readonly (CoverageLine & { checkedAt: number })[]) => Promise<void>;
  /** Of the topic `events`. */
  partitions: number;
  /** Told of lines that have stayed uneven, again and again while they are. */
  onUneven: (lines: readonly CoverageLine[]) => Promise<void>;
  onProblem: (error: Error) => void;
  now?: () => number;
}

const EVERY_MS = 10_000;
/** A minute is looked at again for so long: what another program appends late belongs to it still. */
const AGAIN_MS = 15 * MINUTE_MS;
/** What was uneven so lately is told of. */
const TOLD_MS = 24 * 60 * MINUTE_MS;
const CHUNK_MS = 60 * MINUTE_MS;
/** Programs that began or spoke so long before a minute still say something about it. */
const EPOCHS_MS = 24 * 60 * MINUTE_MS;

/**
 * Holds the accounts of doors, log and store against each other, minute by minute, once a minute is settled: every program
 * has spoken since it ended, and every partition is read beyond it. What changes later is checked again. All `serve`
 * programs may do it: they write the same.
 */
export class CoverageJob {
  readonly #parts: CoverageJobParts;
  readonly #now: () => number;
  /** Of each minute looked at again, what its accounts said when it was checked, and whether it was even. */
  readonly #checked = new Map<number, { accounts: string; even: boolean }>();
  #settledTo: number | undefined;
  #uneven: readonly CoverageLine[] = [];
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;
  #again: { from: number; to: number } | undefined;

  constructor(parts: CoverageJobParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
  }

  /** Begin of the first minute that is not settled, ms; undefined before the first look. */
  get settledTo(): number | undefined {
    return this.#settledTo;
  }

  /** Lines of the last 24 hours that do not balance, in order of time. */
  get uneven(): readonly CoverageLine[] {
    return this.#uneven;
  }

  start(): void {
    if (this.#stopped) return;
    this.#running = this.look()
      .catch((error: unknown) => (this.#stopped ? undefined : this.#parts.onProblem(error as Error)))
      .then(() => {
        this.#timer = setTimeout(() => this.start(), EVERY_MS);
        this.#timer.unref();
      });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
    clearTimeout(this.#timer);
  }

  /** The minutes in [from, to) are to be checked again: something was done about them. */
  again(from: number, to: number): void {
    const { from: first, to: last } = this.#again ?? { from, to };
    this.#again = { from: minuteOf(Math.min(from, first)), to: Math.max(to, last) };
  }

  /** Checks what has settled or changed since the last look. @throws the store's error. */
  async look(): Promise<void> {
    const { store } = this.#parts;
    const [now, since] = [this.#now(), await store.countedSince()];
    if (since === undefined) return;
    const settledTo = await this.#settled(now);
    if (settledTo === undefined) return;
    const from = this.#settledTo ?? (await store.checkedTo()) ?? since;
    await this.#check(Math.max(minuteOf(since), minuteOf(from) - AGAIN_MS), settledTo, now);
    const again = this.#again;
    this.#again = undefined;
    if (again !== undefined) {
      for (let at = again.from; at < again.to; at += MINUTE_MS) this.#checked.delete(at);
      await this.#check(again.from, Math.min(again.to, settledTo), now);
    }
    this.#settledTo = settledTo;
    const before = new Set(this.#uneven.map(keyOf));
    this.#uneven = await store.lines(minuteOf(now - TOLD_MS), settledTo, '', 'unbalanced');
    const stayed = this.#uneven.filter((line) => before.has(keyOf(line)));
    if (stayed.length > 0) await this.#parts.onUneven(stayed);
  }

  async #settled(now: number): Promise<number | undefined> {
    const { store, partitions } = this.#parts;
    const reached = await store.reached();
    if (reached.size < partitions) return undefined;
    const epochs = await store.epochs(now - EPOCHS_MS, now);
    const living = epochs.filter((epoch) => !epoch.ended && !wasKilled(epoch, epochs, now));
    return minuteOf(Math.min(now, ...reached.values(), ...living.map(({ statedAt }) => statedAt)));
  }

  async #check(from: number, to: number, now: number): Promise<void> {
    for (let at = from; at < to; at += CHUNK_MS) await this.#checkChunk(at, Math.min(at + CHUNK_MS, to), now);
    for (const minute of this.#checked.keys()) if (minute < to - AGAIN_MS - MINUTE_MS) this.#checked.delete(minute);
  }

  async #checkChunk(from: number, to: number, now: number): Promise<void> {
    const { store, write } = this.#parts;
    const [doors, reads, all, replays] = await Promise.all([
      store.doors(from, to),
      store.reads(from, to),
      store.epochs(from - EPOCHS_MS, now),
      store.doneReplays(from, to),
    ]);
    const accounts = accountsByMinute({ doors, reads, epochs: all, replays }, from, to, now);
    const changed = [...accounts].filter(([minute, text]) => {
      const known = this.#checked.get(minute);
      return known?.accounts !== text || !known.even;
    });
    if (changed.length === 0) return;
    const minutes = new Set(changed.map(([minute]) => minute));
    const [first, last] = [Math.min(...minutes), Math.max(...minutes) + MINUTE_MS];
    const stored = (await store.stored(first, last)).filter(({ minute }) => minutes.has(minute));
    const lines = balance(
      {
        doors: doors.filter(({ minute }) => minutes.has(minute)),
        reads: reads.filter(({ minute }) => minutes.has(minute)).map((read) => withReplays(read, replays)),
        ...{ stored, epochs: all },
      },
      now,
    );
    await write(lines.map((line) => ({ ...line, checkedAt: now })));
    const uneven = new Set(lines.filter((line) => !isBalanced(line)).map(({ minute }) => minute));
    for (const [minute, text] of changed) this.#checked.set(minute, { accounts: text, even: !uneven.has(minute) });
  }
}

/** All that a line of a minute follows from, apart from what the store has, as a text by minute. */
function accountsByMinute(
  accounts: {
    doors: readonly { minute: number }[];
    reads: readonly { minute: number }[];
    epochs: readonly Epoch[];
    replays: readonly DoneReplay[];
  },
  from: number,
  to: number,
  now: number,
): Map<number, string> {
  const { epochs, replays } = accounts;
  const gone = epochs.filter((epoch) => wasKilled(epoch, epochs, now)).map(({ epoch }) => epoch);
  const [doors, reads] = [accounts.doors, accounts.reads].map((rows) => Map.groupBy(rows, ({ minute }) => minute));
  const texts = new Map<number, string>();
  for (let minute = from; minute < to; minute += MINUTE_MS) {
    const [said, read] = [doors!.get(minute), reads!.get(minute)];
    texts.set(minute, JSON.stringify([said, read, gone, replays.map(({ id }) => id)]));
  }
  return texts;
}

function keyOf({ source, minute }: CoverageLine): string {
  return `${minute} ${source}`;
}
