import { shallowRef, type ShallowRef } from 'vue';
import { keep, kept } from '../kept.ts';

/** A filter with a name, as the query of the page's address. */
export interface SavedFilter {
  name: string;
  query: string;
}

/** What most begin with; `name` is a key of the page's texts. */
export const PRESETS = [
  { name: 'open', query: 'severity=critical,high&status=new,reopened,acknowledged' },
  { name: 'mine', query: 'status=new,reopened,acknowledged&assignee=@me' },
  { name: 'nobodys', query: 'status=new,reopened&assignee=@none' },
  { name: 'vendors', query: 'status=new,reopened,acknowledged&vendor=@any' },
  { name: 'false', query: 'status=closed&disposition=false-positive&time=24h' },
] as const;

/** Filters that somebody named, in this browser, in the order of their names. */
export class SavedFilters {
  readonly all: ShallowRef<readonly SavedFilter[]> = shallowRef(read());

  /** One of the same name gives way. */
  save(name: string, query: string): void {
    const others = this.all.value.filter((one) => one.name !== name);
    this.#write([...others, { name, query }].sort((a, b) => a.name.localeCompare(b.name)));
  }

  remove(name: string): void {
    this.#write(this.all.value.filter((one) => one.name !== name));
  }

  #write(all: readonly SavedFilter[]): void {
    this.all.value = all;
    keep('filters', JSON.stringify(all));
  }
}

/** What others, or an earlier version, left there is nothing to stumble over. */
function read(): SavedFilter[] {
  try {
    const said = JSON.parse(kept('filters')) as unknown;
    return Array.isArray(said) ? said.filter(isSaved) : [];
  } catch {
    return [];
  }
}

function isSaved(one: unknown): one is SavedFilter {
  const { name, query } = (one ?? {}) as Partial<SavedFilter>;
  return typeof name === 'string' && typeof query === 'string';
}
