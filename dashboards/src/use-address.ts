import { onScopeDispose, ref, watch, type Ref } from 'vue';
import { filtersOf, queryOf, type Filters } from './filters.ts';

/** Filters and the opened finding, kept in the page's address: it can be sent on, and Back goes back. */
export function useAddress(): { filters: Ref<Filters>; openFinding: Ref<string> } {
  const filters = ref(filtersOf(location.search)) as Ref<Filters>;
  const openFinding = ref(location.hash.slice(1));
  const address = (): string => queryOf(filters.value) + (openFinding.value === '' ? '' : `#${openFinding.value}`);

  watch([filters, openFinding], () => {
    if (address() !== location.search + location.hash) history.replaceState(null, '', location.pathname + address());
  });
  const read = (): void => {
    filters.value = filtersOf(location.search);
    openFinding.value = location.hash.slice(1);
  };
  window.addEventListener('popstate', read);
  onScopeDispose(() => window.removeEventListener('popstate', read));
  return { filters, openFinding };
}
