import { onScopeDispose, shallowReactive, watch, type Ref } from 'vue';
import type { SeriesForecast } from '../../../src/forecast-desk.ts';
import { riskForecast } from './profile-calls.ts';

/** Each takes the server up to a second the first time in an hour. */
const MOST = 30;

/** Forecasts of the first vendors of a list, asked one after the other; an Error where there is none. */
export function useForecasts(vendors: Ref<readonly { id: string }[]>): ReadonlyMap<string, SeriesForecast | Error> {
  const known = shallowReactive(new Map<string, SeriesForecast | Error>());
  let isAsking = false;
  let isGone = false;
  onScopeDispose(() => (isGone = true));

  async function askNext(): Promise<void> {
    if (isAsking) return;
    isAsking = true;
    for (;;) {
      const next = vendors.value.slice(0, MOST).find(({ id }) => !known.has(id));
      if (next === undefined || isGone) break;
      known.set(next.id, await riskForecast(next.id).catch((error: unknown) => error as Error));
    }
    isAsking = false;
  }
  watch(vendors, () => void askNext(), { immediate: true });
  return known;
}
