import { computed, nextTick, ref, type ComputedRef, type Ref } from 'vue';
import type { QueuedFinding } from '../../../src/finding/finding-filter.ts';
import { may } from '../access/me.ts';
import type { Decision } from '../triage/decisions.ts';
import type { Triage } from '../triage/triage.ts';
import type { Selection } from './selection.ts';

export type BarForm = 'assign' | 'close' | 'note' | 'reopen';

export interface Decisions {
  /** The form that is open under the list; '' for none. */
  form: Ref<BarForm | ''>;
  /** Findings that the next decision is about: those that are selected, else the one where the keys are. */
  targets: ComputedRef<readonly string[]>;
  acknowledge: () => void;
  ask: (what: 'assign' | 'close' | 'note') => void;
  suppress: () => void;
  decide: (decision: Decision) => void;
}

/** What the keys of the queue, and the bar under it, do with findings. */
export function useDecisions(
  triage: Triage,
  selection: Selection,
  where: { current: Ref<string>; open: Ref<string>; rowOf: (id: string) => QueuedFinding | undefined },
): Decisions {
  const form = ref<BarForm | ''>('');
  const { current, open, rowOf } = where;
  const isMany = computed(() => selection.ids.value.size > 0);
  const targets = computed(() =>
    isMany.value ? [...selection.ids.value] : rowOf(current.value) === undefined ? [] : [current.value],
  );

  function backToList(): void {
    void nextTick(() =>
      document.querySelector<HTMLElement>(`[data-place="${CSS.escape(current.value)}"] > button`)?.focus(),
    );
  }

  async function decideOne(finding: QueuedFinding, decision: Decision): Promise<void> {
    // What was refused says why where the finding is open.
    if (!(await triage.decide(finding, decision))) open.value = finding.id;
  }

  function decide(decision: Decision): void {
    form.value = '';
    const [first] = targets.value;
    if (first === undefined) return;
    const only = isMany.value ? undefined : rowOf(first);
    if (only !== undefined) void decideOne(only, decision);
    else {
      void triage.decideAll(targets.value, decision);
      selection.clear();
    }
    backToList();
  }

  function acknowledge(): void {
    if (!may('triage')) return;
    const finding = isMany.value ? undefined : rowOf(current.value);
    if (isMany.value) decide({ act: 'acknowledge' });
    else if (finding !== undefined)
      void triage.press(finding, 'acknowledge').then((hasMore) => hasMore && (open.value = finding.id));
  }

  /** Where a finding is open, its own forms are nearer. */
  function ask(what: 'assign' | 'close' | 'note'): void {
    if (!may('triage')) return;
    const finding = rowOf(current.value);
    if (!isMany.value && finding === undefined) return;
    const isClosed = !isMany.value && finding !== undefined && triage.stateOf(finding).status === 'closed';
    const wanted = what === 'close' && isClosed ? 'reopen' : what;
    if (!isMany.value && open.value === current.value) triage.open(current.value, wanted);
    else form.value = wanted;
  }

  function suppress(): void {
    if (!may('suppress') || rowOf(current.value) === undefined) return;
    const id = current.value;
    selection.clear();
    open.value = id;
    void nextTick(() => triage.open(id, 'suppress'));
  }

  return { form, targets, acknowledge, ask, suppress, decide };
}
