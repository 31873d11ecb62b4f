import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import type { FeedFinding } from '../../../src/feed/protocol.ts';
import type { Finding } from '../../../src/finding/finding.ts';
import type { Incident } from '../../../src/finding/incident.ts';
import { call, findingDetails } from '../api.ts';
import type { Filters } from './filters.ts';
import type { Live } from '../live/use-live.ts';

const AGAIN_MS = 10_000;
const MAX_SUPPRESSED = 500;

/**
 * The findings that the page has to choose from: those of the feed that people were to be told of; all, when suppressed
 * ones are asked for, which the feed does not carry; or those of one incident, also when they are older than the feed.
 * `fault` is why some could not be had.
 */
export function useShownFindings(
  { findings: live, told, incidents }: Live,
  filters: Ref<Filters>,
): { shown: ComputedRef<FeedFinding[]>; fault: ShallowRef<unknown> } {
  const fetched = shallowRef<ReadonlyMap<string, FeedFinding>>(new Map());
  const fetchedSteps = shallowRef<readonly string[]>([]);
  const fault = shallowRef<unknown>();

  const steps = computed(() => {
    const incident = incidents.value.find(({ id }) => id === filters.value.incident);
    return incident?.steps.map(({ finding }) => finding) ?? fetchedSteps.value;
  });
  const all = computed(() => {
    const byId = new Map(fetched.value);
    for (const finding of live.value)
      if (finding.revision >= (byId.get(finding.id)?.revision ?? 0)) byId.set(finding.id, finding);
    return byId;
  });
  const shown = computed(() => {
    const { incident, suppressed } = filters.value;
    if (incident !== '') return steps.value.flatMap((id) => all.value.get(id) ?? []).sort(newestFirst);
    if (!suppressed) return told.value;
    return [...all.value.values()].sort(newestFirst);
  });

  function add(findings: readonly Finding[]): void {
    const more = findings.map((finding) => [finding.id, { ...finding, raisedAt: finding.causedAt }] as const);
    fetched.value = new Map([...fetched.value, ...more]);
  }
  async function fetchMissing(): Promise<void> {
    const { incident, suppressed } = filters.value;
    fault.value = undefined;
    try {
      if (incident !== '') {
        if (steps.value.length === 0) fetchedSteps.value = await stepsOf(incident);
        const missing = steps.value.filter((id) => !all.value.has(id));
        add((await Promise.all(missing.map(findingDetails))).map(({ finding }) => finding));
      }
      if (suppressed) add(await suppressedFindings());
    } catch (error) {
      fault.value = error;
    }
  }

  watch(
    [() => filters.value.incident, () => filters.value.suppressed, () => steps.value.join()],
    ([incident], [before]) => {
      if (incident !== before) fetchedSteps.value = [];
      if (!filters.value.suppressed) fetched.value = new Map();
      void fetchMissing();
    },
    { immediate: true },
  );
  const timer = setInterval(() => filters.value.suppressed && void fetchMissing(), AGAIN_MS);
  onScopeDispose(() => clearInterval(timer));
  return { shown, fault };
}

function newestFirst(a: FeedFinding, b: FeedFinding): number {
  return b.raisedAt - a.raisedAt || (a.id < b.id ? 1 : -1);
}

async function stepsOf(incident: string): Promise<string[]> {
  const answer = await call<{ incident: Incident }>('GET', `incidents/${encodeURIComponent(incident)}`);
  return answer.incident.steps.map(({ finding }) => finding);
}

async function suppressedFindings(): Promise<readonly Finding[]> {
  const path = `findings?suppressed=only&limit=${MAX_SUPPRESSED}`;
  return (await call<{ findings: Finding[] }>('GET', path)).findings;
}
