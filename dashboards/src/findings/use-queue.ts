import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import type { FeedFinding } from '../../../src/feed/protocol.ts';
import type { FindingFilter } from '../../../src/finding/finding-filter.ts';
import type { Incident } from '../../../src/finding/incident.ts';
import { call } from '../api.ts';
import type { Live } from '../live/use-live.ts';
import type { Triage } from '../triage/triage.ts';
import { filterFor, passes, queryOf, type Filters } from './filters.ts';
import { queueCalls } from './queue-calls.ts';
import { Queue } from './queue.ts';

/** Counts are asked for again. */
const COUNT_MS = 15_000;
/** Findings on the screen that the feed does not carry are asked for again: colleagues work on old ones too. */
const REVISE_MS = 3_000;
const SETTLED_MS = 60;
/** What a request can name one by one. */
const MOST_STEPS = 200;

export interface ShownQueue {
  queue: Queue;
  /** Findings of the feed that pass and have no place yet, or were raised again since. */
  waiting: ComputedRef<FeedFinding[]>;
  /** Gives them their places. */
  takeWaiting: () => void;
  /** Asks for everything anew. */
  reload: () => void;
  /** The places on the screen: findings there are asked for. */
  look: (places: readonly string[]) => void;
}

/** The queue behind the page: all findings that pass, kept up to date by the feed for as long as the component lives. */
export function useQueue(
  live: Live,
  triage: Triage,
  { filters, held, account }: { filters: Ref<Filters>; held: Ref<boolean>; account: Ref<string> },
): ShownQueue {
  const queue = new Queue(queueCalls);
  const steps = useSteps(live, filters);
  const seen: ShallowRef<readonly string[]> = shallowRef([]);
  const waiting = computed(() => {
    if (!queue.loaded.value) return [];
    const { suppressed, incident, group } = filters.value;
    const { newest } = queue;
    const reader = { account: account.value, now: live.now.value };
    return (suppressed ? live.findings.value : live.told.value).filter(
      (finding) =>
        ((group === '' && !queue.has(finding.id)) || finding.raisedAt > newest) &&
        (incident === '' || steps.value.includes(finding.id)) &&
        passes(finding, filters.value, triage.stateOf(finding), reader),
    );
  });

  function wanted(): FindingFilter {
    const filter = filterFor(filters.value, { account: account.value, now: Date.now() });
    // The feed knows of an incident before the store does.
    if (steps.value.length === 0 || steps.value.length > MOST_STEPS) return filter;
    delete filter.incident;
    return { ...filter, ids: steps.value };
  }
  const reload = (): void => void queue.load(wanted(), filters.value.group, () => waiting.value);
  const takeWaiting = (): void => {
    if (filters.value.group === '') queue.insert(waiting.value);
    else reload();
  };

  watch([() => queryOf(filters.value), () => steps.value.join(), account], reload, { immediate: true });
  watch(
    [waiting, held],
    () => {
      if (held.value || filters.value.group !== '') return;
      queue.insert(waiting.value);
      if (!filters.value.suppressed) queue.remove(live.findings.value.filter((one) => one.suppression !== undefined));
    },
    { flush: 'sync' },
  );
  watch(live.findings, (findings) => queue.revise(findings));
  watch(triage.outcome, (outcome) => outcome && void queue.count());

  const isCarried = (id: string): boolean => live.state.value.findings.has(id);
  const timers = [
    setInterval(() => void queue.count(), COUNT_MS),
    setInterval(
      () =>
        void queue.need(
          seen.value.filter((id) => !isCarried(id)),
          true,
        ),
      REVISE_MS,
    ),
  ];
  onScopeDispose(() => {
    timers.forEach(clearInterval);
    clearTimeout(settling);
  });

  /** Places that are scrolled past in a moment are not asked for. */
  let settling: ReturnType<typeof setTimeout> | undefined;
  function look(places: readonly string[]): void {
    seen.value = places;
    clearTimeout(settling);
    settling = setTimeout(() => void queue.need(places), SETTLED_MS);
  }
  return { queue, waiting, takeWaiting, reload, look };
}

/** Findings of the incident that is asked about: as the feed tells it, or as the server has it. */
function useSteps({ incidents }: Live, filters: Ref<Filters>): ComputedRef<readonly string[]> {
  const fetched = shallowRef<readonly string[]>([]);
  const known = computed(() => incidents.value.find(({ id }) => id === filters.value.incident)?.steps);
  watch(
    () => filters.value.incident,
    async (incident) => {
      fetched.value = [];
      if (incident === '' || known.value !== undefined) return;
      const answer = await call<{ incident: Incident }>('GET', `incidents/${encodeURIComponent(incident)}`).catch(
        () => undefined,
      );
      if (incident === filters.value.incident)
        fetched.value = answer?.incident.steps.map(({ finding }) => finding) ?? [];
    },
    { immediate: true },
  );
  return computed(() => known.value?.map(({ finding }) => finding) ?? fetched.value);
}
