import { shallowRef, type ShallowRef } from 'vue';

/** What is decided on at once, at most. */
export const MOST_AT_ONCE = 1_000;

/** The findings that the next decision is about. */
export class Selection {
  readonly ids: ShallowRef<ReadonlySet<string>> = shallowRef(new Set());
  /** Where extending goes out from. */
  #anchor = '';

  toggle(id: string): void {
    const ids = new Set(this.ids.value);
    if (!ids.delete(id)) ids.add(id);
    this.#anchor = id;
    this.#take(ids);
  }

  /** Adds all from the one that was selected last to this one; just this one when there is none. */
  extendTo(id: string, places: readonly string[]): void {
    const [from, to] = [places.indexOf(this.#anchor), places.indexOf(id)].sort((a, b) => a - b) as [number, number];
    if (to === -1) return;
    this.#take(new Set([...this.ids.value, ...places.slice(from === -1 ? to : from, to + 1).filter(isFinding)]));
    if (from === -1) this.#anchor = id;
  }

  /** The first of them, as many as can be decided on at once. */
  all(places: readonly string[]): void {
    this.#take(new Set(places.filter(isFinding)));
  }

  clear(): void {
    this.#anchor = '';
    this.#take(new Set());
  }

  #take(ids: ReadonlySet<string>): void {
    this.ids.value = ids.size > MOST_AT_ONCE ? new Set([...ids].slice(0, MOST_AT_ONCE)) : ids;
  }
}

/** Heads of groups are no findings. */
function isFinding(place: string): boolean {
  return !place.startsWith('group:');
}
