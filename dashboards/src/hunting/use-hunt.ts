import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import type { FieldName } from '../../../src/hunting/event-fields.ts';
import type { Counted } from '../../../src/hunting/hunting-desk.ts';
import { askCost, askFacets, askHistogram, askPivot, askProgress, cancelRun, type HistogramAnswer, type PivotAnswer, type Progress } from './hunting-calls.ts'; // prettier-ignore
import { askedOf, type Wish } from './wish.ts';

export const FACETS: readonly FieldName[] = ['actor', 'asset', 'action', 'source', 'clientAddress', 'vendor'];

/** A question that was put, and what has come of it. */
export interface Hunt {
  /** What the server is asked; the times are fixed when it is put, so that all parts of the page show the same. */
  asked: ShallowRef<URLSearchParams | undefined>;
  histogram: ShallowRef<HistogramAnswer | undefined>;
  facets: ShallowRef<readonly { field: FieldName; values: readonly Counted[] }[]>;
  pivot: ShallowRef<PivotAnswer | undefined>;
  /** Rows that would be read at most; undefined until that is known. */
  cost: ShallowRef<{ parts: number; rows: number } | undefined>;
  progress: ShallowRef<Progress | undefined>;
  fault: ShallowRef<unknown>;
  state: Ref<'idle' | 'costing' | 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'>;
  ask: (wish: Wish, now: number) => Promise<void>;
  run: () => Promise<void>;
  cancel: () => Promise<void>;
}

/** More than this is read only when somebody says so. */
const RUNS_BY_ITSELF_ROWS = 20_000_000;
const LOOK_EVERY_MS = 500;

/** Asks what it would cost, runs it by itself when that is little, follows it, and ends it when something else is asked. */
export function useHunt(): Hunt {
  const asked = shallowRef<URLSearchParams>();
  const histogram = shallowRef<HistogramAnswer>();
  const facets: Hunt['facets'] = shallowRef([]);
  const pivot = shallowRef<PivotAnswer>();
  const cost: Hunt['cost'] = shallowRef();
  const progress = shallowRef<Progress>();
  const fault = shallowRef<unknown>();
  const state: Hunt['state'] = ref('idle');
  let wanted: Wish | undefined;
  let running = '';
  /** Answers to earlier questions are not listened to. */
  let question = 0;

  const timer = setInterval(() => {
    const run = running;
    if (run === '') return;
    void askProgress(run).then(
      (now) => {
        if (running === run && now !== null) progress.value = now;
      },
      () => undefined,
    );
  }, LOOK_EVERY_MS);
  onScopeDispose(() => {
    clearInterval(timer);
    leave();
  });

  /** Nobody waits for it any more. */
  function leave(): void {
    if (running !== '') void cancelRun(running);
    running = '';
    question++;
  }

  async function ask(wish: Wish, now: number): Promise<void> {
    leave();
    const mine = question;
    wanted = wish;
    asked.value = askedOf(wish, now);
    [cost.value, progress.value, fault.value] = [undefined, undefined, undefined];
    state.value = 'costing';
    try {
      const found = await askCost(asked.value);
      if (mine !== question) return;
      cost.value = found;
      if (found.rows <= RUNS_BY_ITSELF_ROWS) return await run();
      state.value = 'waiting';
    } catch (error) {
      fail(mine, error);
    }
  }

  async function run(): Promise<void> {
    leave();
    const mine = question;
    const [question_, wish] = [asked.value, wanted];
    if (question_ === undefined || wish === undefined) return;
    running = crypto.randomUUID();
    fault.value = undefined;
    state.value = 'running';
    const name = running;
    try {
      const more =
        wish.view === 'pivot'
          ? askPivot(question_, { rows: wish.rows, columns: wish.across, measure: wish.measure }, name)
          : askFacets(question_, FACETS, name);
      // The bars come first; a fault of what comes beside them is told when it is waited for.
      more.catch(() => undefined);
      const bars = await askHistogram(question_, name);
      if (mine !== question) return;
      histogram.value = bars;
      const beside = await more;
      if (mine !== question) return;
      if ('cells' in beside) pivot.value = beside;
      else facets.value = beside;
      [running, state.value] = ['', 'done'];
    } catch (error) {
      fail(mine, error);
    }
  }

  function fail(mine: number, error: unknown): void {
    if (mine !== question) return;
    leave();
    histogram.value = undefined;
    [fault.value, state.value] = [error, 'failed'];
  }

  async function cancel(): Promise<void> {
    const run = running;
    leave();
    state.value = 'cancelled';
    histogram.value = undefined;
    if (run !== '') await cancelRun(run);
  }
  return { asked, histogram, facets, pivot, cost, progress, fault, state, ask, run, cancel };
}
