import { computed, shallowRef, watch, type ComputedRef } from 'vue';
import type { ScopeScore } from '../../../src/feed/protocol.ts';
import type { ToldPosture } from '../../../src/posture-desk.ts';
import type { PostureTerm } from '../../../src/posture/terms.ts';
import type { TrustTerm } from '../../../src/posture/trust.ts';
import { mainScore } from '../access/me.ts';
import { call } from '../api.ts';
import { useLive } from '../live/use-live.ts';
import { useLoaded } from '../use-loaded.ts';
import type { PosturePoint } from './posture-trend.ts';

export type { PostureTerm, ToldPosture, TrustTerm };

/** Mean scores of some minutes replace what was heard live. */
const AGAIN_MS = 600_000;
const DAY_MS = 86_400_000;

export interface OverallPosture {
  /** undefined before the feed has told it. */
  score: ComputedRef<ScopeScore | undefined>;
  /** How it went in the last day. */
  points: ComputedRef<readonly PosturePoint[]>;
}

function mainQuery(): string {
  const { kind, id } = mainScore.value;
  return new URLSearchParams({ scope: kind, id }).toString();
}

/** The score of the whole platform, or of what is one's own, as the live feed tells it. */
export function useOverallPosture(): OverallPosture {
  const { score } = useLive();
  const { value: loaded } = useLoaded(
    async () => (await call<{ points: PosturePoint[] }>('GET', `posture/series?${mainQuery()}`)).points,
    AGAIN_MS,
  );
  const heard = shallowRef<readonly PosturePoint[]>([]);
  watch(score, (told) => {
    if (told) heard.value = [...heard.value, { at: told.at, score: told.score, lowest: told.score }];
  });
  watch(loaded, () => (heard.value = heard.value.slice(-1)));
  const points = computed(() => {
    const kept = loaded.value ?? [];
    const last = kept.at(-1)?.at ?? 0;
    const all = [...kept, ...heard.value.filter(({ at }) => at > last)];
    return all.filter(({ at }) => at > (all.at(-1)?.at ?? 0) - DAY_MS);
  });
  return { score, points };
}

/** The score with every term of it. @throws ApiError */
export function postureWithTerms(): Promise<ToldPosture> {
  return call('GET', `posture?${mainQuery()}`);
}
