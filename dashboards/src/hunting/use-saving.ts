import { nextTick, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { me } from '../access/me.ts';
import { useAddress } from '../use-address.ts';
import { listSaved, type SavedQueryVersion } from './saved-queries.ts';

export interface Saving {
  /** Whether the form is open. */
  saving: Ref<boolean>;
  /** What was saved; '' before. */
  notice: Ref<string>;
  /** The saved query of the address, if it is the reader's own: a new version of it is saved. */
  saved: ShallowRef<SavedQueryVersion | undefined>;
  begin: () => Promise<void>;
  wasSaved: (one: SavedQueryVersion) => void;
}

/** How a query of a page is saved: the address says which saved one it began from. @param query of the address, as it is now */
export function useSaving(query: () => string, heading: Readonly<Ref<HTMLElement | null>>): Saving {
  const { t } = useI18n();
  const { address, setQuery } = useAddress();
  const saving = ref(false);
  const notice = ref('');
  const saved = shallowRef<SavedQueryVersion>();

  async function begin(): Promise<void> {
    notice.value = '';
    const id = address.value.query.get('saved');
    const all = id === null ? [] : await listSaved().catch(() => []);
    saved.value = all.find((one) => one.id === id && one.owner === me.value?.account);
    saving.value = true;
  }
  function wasSaved(one: SavedQueryVersion): void {
    saving.value = false;
    notice.value = t('hunting.savedAs', { name: one.name, version: one.version });
    const known = new URLSearchParams(query());
    known.set('saved', one.id);
    setQuery(known.toString());
    void nextTick(() => heading.value?.focus());
  }
  return { saving, notice, saved, begin, wasSaved };
}
