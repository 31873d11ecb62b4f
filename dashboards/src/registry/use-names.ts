import { inject, provide, shallowReactive, type InjectionKey } from 'vue';
import type { Bilingual } from '../../../src/finding/finding.ts';
import { say } from '../i18n.ts';
import type { ListName } from './entry-types.ts';
import { namesOf } from './registry-calls.ts';

/** What people call an entry; its id until that is known, or when it has no name. */
export type NameOf = (list: ListName, id: string) => string;

const KEY: InjectionKey<NameOf> = Symbol('names');
const MOST_AT_ONCE = 50;

/** Names of entries for all components below: those that are shown are asked for together, once. */
export function provideNames(): void {
  const names = shallowReactive(new Map<string, Bilingual | string>());
  const asked = new Set<string>();
  const waiting = new Map<ListName, string[]>();

  async function ask(list: ListName, ids: readonly string[]): Promise<void> {
    const found = await namesOf(list, ids).catch(() => ({}));
    for (const [id, name] of Object.entries(found)) names.set(`${list}/${id}`, name);
  }
  function askAll(): void {
    for (const [list, ids] of waiting)
      for (let at = 0; at < ids.length; at += MOST_AT_ONCE) void ask(list, ids.slice(at, at + MOST_AT_ONCE));
    waiting.clear();
  }
  function want(list: ListName, id: string): void {
    if (asked.has(`${list}/${id}`)) return;
    asked.add(`${list}/${id}`);
    if (waiting.size === 0) setTimeout(askAll);
    waiting.set(list, [...(waiting.get(list) ?? []), id]);
  }
  provide(KEY, (list, id) => {
    want(list, id);
    const name = names.get(`${list}/${id}`) ?? id;
    return typeof name === 'string' ? name : say(name);
  });
}

export function useNames(): NameOf {
  return inject(KEY, (_list, id) => id);
}
