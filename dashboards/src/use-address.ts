import { onScopeDispose, ref, watch, type Ref } from 'vue';
import { filtersOf, queryOf, type Filters } from './filters.ts';

/** What the page shows: `#/unresolved`, `#/suppressions`, everything else is the live view. */
export type View = 'live' | 'unresolved' | 'suppressions';
const OTHERS: readonly View[] = ['unresolved', 'suppressions'];

/** View, filters and the opened finding, kept in the page's address: it can be sent on, and Back goes back. */
export function useAddress(): { view: Ref<View>; filters: Ref<Filters>; openFinding: Ref<string> } {
  const filters = ref(filtersOf(location.search)) as Ref<Filters>;
  const openFinding = ref(findingInAddress());
  const view = ref(viewInAddress());
  const address = (): string => queryOf(filters.value) + (openFinding.value === '' ? '' : `#${openFinding.value}`);

  watch([filters, openFinding], () => {
    if (view.value !== 'live') return;
    if (address() !== location.search + location.hash) history.replaceState(null, '', location.pathname + address());
  });
  const read = (): void => {
    filters.value = filtersOf(location.search);
    openFinding.value = findingInAddress();
    view.value = viewInAddress();
  };
  window.addEventListener('popstate', read);
  onScopeDispose(() => window.removeEventListener('popstate', read));
  return { view, filters, openFinding };
}

function viewInAddress(): View {
  return OTHERS.find((view) => location.hash === `#/${view}`) ?? 'live';
}

function findingInAddress(): string {
  return location.hash.startsWith('#/') ? '' : location.hash.slice(1);
}
