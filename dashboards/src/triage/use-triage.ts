import { inject, provide, type InjectionKey } from 'vue';
import { triageCalls } from './triage-calls.ts';
import { Triage } from './triage.ts';

const KEY: InjectionKey<Triage> = Symbol('triage');

export function provideTriage(): Triage {
  const triage = new Triage(triageCalls);
  provide(KEY, triage);
  return triage;
}

export function useTriage(): Triage {
  return inject(KEY)!;
}
