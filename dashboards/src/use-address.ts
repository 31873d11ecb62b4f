import { onScopeDispose, ref, watch, type Ref } from 'vue';
import { filtersOf, queryOf, type Filters } from './filters.ts';
import { findingIn, subjectIn, type Subject } from './profiles/subject.ts';

/** What the page shows: `#/wall`, `#/vendors`, `#/unresolved`, …, `#/asset/<id>` and its like,
 * `#/finding/<id>`; everything else is the live view. */
export type View = 'live' | 'wall' | 'vendors' | 'profile' | 'finding' | 'unresolved' | 'suppressions';
const OTHERS: readonly View[] = ['wall', 'vendors', 'unresolved', 'suppressions'];

export interface Address {
  view: Ref<View>;
  filters: Ref<Filters>;
  openFinding: Ref<string>;
  /** Whose profile is shown. */
  subject: Ref<Subject | undefined>;
  /** The finding whose page is shown; ''. */
  finding: Ref<string>;
}

/** View, filters and the opened finding, kept in the page's address: it can be sent on, and Back goes back. */
export function useAddress(): Address {
  const filters = ref(filtersOf(location.search)) as Ref<Filters>;
  const openFinding = ref(findingInAddress());
  const view = ref(viewInAddress());
  const subject = ref(subjectIn(location.hash));
  const finding = ref(findingIn(location.hash));
  const address = (): string => queryOf(filters.value) + (openFinding.value === '' ? '' : `#${openFinding.value}`);

  watch([filters, openFinding], () => {
    if (view.value !== 'live') return;
    if (address() !== location.search + location.hash) history.replaceState(null, '', location.pathname + address());
  });
  const read = (): void => {
    filters.value = filtersOf(location.search);
    openFinding.value = findingInAddress();
    subject.value = subjectIn(location.hash);
    finding.value = findingIn(location.hash);
    view.value = viewInAddress();
  };
  window.addEventListener('popstate', read);
  onScopeDispose(() => window.removeEventListener('popstate', read));
  return { view, filters, openFinding, subject, finding };
}

function viewInAddress(): View {
  if (subjectIn(location.hash) !== undefined) return 'profile';
  if (findingIn(location.hash) !== '') return 'finding';
  return OTHERS.find((view) => location.hash === `#/${view}`) ?? 'live';
}

function findingInAddress(): string {
  return location.hash.startsWith('#/') ? '' : location.hash.slice(1);
}
