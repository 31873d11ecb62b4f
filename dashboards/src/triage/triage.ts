import { shallowReactive, shallowRef, type ShallowRef } from 'vue';
import type { FeedFinding } from '../../../src/feed/protocol.ts';
import type { LifeState } from '../../../src/finding/lifecycle.ts';
import {
  expectedAfter,
  later,
  type Decided,
  type DecidedAll,
  type Decision,
  type FindingHistory,
} from './decisions.ts';

/** What keys do with a finding. */
export type TriageKey = 'acknowledge' | 'close' | 'note';

export type FormName = 'assign' | 'note' | 'close' | 'reopen' | 'suppress';

/** What is asked of the server. Both reject with its answer's HTTP status as `status`. */
export interface TriageCalls {
  historyOf(finding: string): Promise<FindingHistory>;
  /** @returns the finding's state and history after it. */
  decide(finding: string, decision: Decision): Promise<Decided>;
  decideAll(findings: readonly string[], decision: Decision): Promise<DecidedAll>;
  undo(entries: readonly Entry[]): Promise<DecidedAll>;
}

/** What a decision added to the history of a finding. */
export interface Entry {
  finding: string;
  entry: string;
}

/** What the last decision came to. */
export interface Outcome {
  act: Decision['act'] | 'undo';
  /** What can be taken back now; empty when nothing can. */
  undoable: readonly Entry[];
  done: number;
  /** Findings about which it was not taken. */
  refused: readonly string[];
  /** Why the whole request failed. */
  fault?: unknown;
}

/** How long a decision can be taken back with one key. */
export const UNDO_MS = 10_000;

/** A finding is on the page before it is in the store: what is not found yet comes within seconds. */
const AGAIN_MS = 1_000;
const ATTEMPTS = 5;
/** Of findings about which a decision was refused, as many as anybody reads. */
const MOST_LOADED = 50;

/** What is known here of one finding beyond what the feed says. */
interface Known {
  answered?: FindingHistory;
  /** What a decision about many came to. */
  decided?: LifeState;
  /** While the server has not answered: what it will be if it agrees. */
  expected?: LifeState;
  fault?: unknown;
}

/**
 * What the person at this page does with findings. A decision shows at once; the server's answer replaces it, whatever it
 * is, and a refusal takes it back and says why.
 */
export class Triage {
  /** The form that is open, if any. */
  readonly form: ShallowRef<{ finding: string; name: FormName } | undefined> = shallowRef();
  /** Of the last decision, for as long as it can be taken back; one that was refused stays until it is read. */
  readonly outcome: ShallowRef<Outcome | undefined> = shallowRef();
  /** Findings that a decision about many is under way for. */
  readonly deciding = shallowRef(0);
  #outcomeEnds: ReturnType<typeof setTimeout> | undefined;
  readonly #calls: TriageCalls;
  readonly #known = shallowReactive(new Map<string, Known>());
  /** Decisions under way, the last of each finding. */
  readonly #turns = new Map<string, Promise<boolean>>();

  constructor(calls: TriageCalls) {
    this.#calls = calls;
  }

  stateOf({ id, life }: FeedFinding): LifeState {
    const known = this.#known.get(id);
    return known?.expected ?? later(later(known?.answered?.state, known?.decided), life);
  }

  /** Undefined until it is loaded. */
  historyOf(finding: string): FindingHistory | undefined {
    return this.#known.get(finding)?.answered;
  }

  isSaving(finding: string): boolean {
    return this.#known.get(finding)?.expected !== undefined;
  }

  /** Why the last decision, or loading the history, failed. */
  faultOf(finding: string): unknown {
    return this.#known.get(finding)?.fault;
  }

  /** What failed before is done with. */
  open(finding: string, name: FormName): void {
    const known = this.#known.get(finding);
    if (known?.fault !== undefined) this.#known.set(finding, { ...known, fault: undefined });
    this.form.value = { finding, name };
  }

  close(): void {
    this.form.value = undefined;
  }

  async load(finding: string): Promise<void> {
    try {
      const answered = await untilFound(() => this.#calls.historyOf(finding));
      this.#learn(finding, { answered });
    } catch (fault) {
      this.#learn(finding, { fault });
    }
  }

  /**
   * Acknowledges, or opens the form for closing (reopening, when it is closed) or a note.
   * @returns whether the finding must be open for it to go on: a form, or a refusal.
   */
  async press(finding: FeedFinding, key: TriageKey): Promise<boolean> {
    const { status } = this.stateOf(finding);
    if (key !== 'acknowledge') {
      this.open(finding.id, key === 'close' && status === 'closed' ? 'reopen' : key);
      return true;
    }
    if (status === 'acknowledged' || status === 'closed') return false;
    return !(await this.decide(finding, { act: 'acknowledge' }));
  }

  /**
   * Decisions about one finding are made one after the other: who is quicker than the network loses none.
   * @returns whether the server agreed.
   */
  decide(finding: FeedFinding, decision: Decision): Promise<boolean> {
    const { id } = finding;
    const before = this.#turns.get(id);
    const turn =
      before === undefined ? this.#decide(finding, decision) : before.then(() => this.#decide(finding, decision));
    this.#turns.set(id, turn);
    void turn.then(() => this.#turns.get(id) === turn && this.#turns.delete(id));
    return turn;
  }

  async #decide(finding: FeedFinding, decision: Decision): Promise<boolean> {
    const { id } = finding;
    const { answered } = this.#known.get(id) ?? {};
    this.#known.set(id, { ...(answered && { answered }), expected: expectedAfter(this.stateOf(finding), decision) });
    try {
      const { entry, ...history } = await untilFound(() => this.#calls.decide(id, decision));
      this.#known.set(id, { answered: history });
      this.#tell({ act: decision.act, undoable: [{ finding: id, entry }], done: 1, refused: [] });
      return true;
    } catch (fault) {
      this.#known.set(id, { ...(answered && { answered }), fault });
      // Somebody else was first: show what they did.
      if (statusOf(fault) === 409) void this.load(id);
      return false;
    }
  }

  /** One decision about many findings, in one request. What was refused is in `outcome`, and how it stands is loaded. */
  async decideAll(findings: readonly string[], decision: Decision): Promise<void> {
    await this.#all(decision.act, findings.length, () => this.#calls.decideAll(findings, decision));
  }

  /** Takes the last decision back, while that is offered. @returns whether there was anything to take back. */
  undo(): boolean {
    const entries = this.outcome.value?.undoable ?? [];
    if (entries.length === 0 || this.deciding.value > 0) return false;
    void this.#all('undo', entries.length, () => this.#calls.undo(entries));
    return true;
  }

  /** What there was to say about the last decision has been read. */
  forgetOutcome(): void {
    clearTimeout(this.#outcomeEnds);
    this.outcome.value = undefined;
  }

  async #all(act: Outcome['act'], count: number, ask: () => Promise<DecidedAll>): Promise<void> {
    this.forgetOutcome();
    this.deciding.value = count;
    try {
      const { done, refused } = await ask();
      for (const { finding, state } of done) this.#take(finding, state);
      for (const { finding } of refused.slice(0, MOST_LOADED)) void this.load(finding);
      this.#tell({
        act,
        undoable: act === 'undo' ? [] : done.map(({ finding, entry }) => ({ finding, entry })),
        done: done.length,
        refused: refused.map(({ finding }) => finding),
      });
    } catch (fault) {
      this.#tell({ act, undoable: [], done: 0, refused: [], fault });
    }
    this.deciding.value = 0;
  }

  #take(finding: string, decided: LifeState): void {
    const known = this.#known.get(finding);
    this.#known.set(finding, { ...known, decided });
    if (known?.answered !== undefined) void this.load(finding);
  }

  #tell(outcome: Outcome): void {
    this.forgetOutcome();
    this.outcome.value = outcome;
    const isAllWell = outcome.refused.length === 0 && outcome.fault === undefined;
    this.#outcomeEnds = setTimeout(() => {
      this.outcome.value = isAllWell ? undefined : { ...outcome, undoable: [] };
    }, UNDO_MS);
  }

  /** The more recent history stays; a decision that is under way is not touched. */
  #learn(finding: string, { answered, fault }: Known): void {
    const known = this.#known.get(finding) ?? {};
    const isNews = answered !== undefined && later(known.answered?.state, answered.state) === answered.state;
    this.#known.set(finding, { ...known, ...(isNews && { answered }), ...(fault !== undefined && { fault }) });
  }
}

async function untilFound<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++)
    try {
      return await ask();
    } catch (fault) {
      if (statusOf(fault) !== 404 || attempt === ATTEMPTS) throw fault;
      await new Promise((resume) => setTimeout(resume, AGAIN_MS));
    }
}

function statusOf(fault: unknown): unknown {
  return fault instanceof Error && 'status' in fault ? fault.status : undefined;
}
