import { onScopeDispose } from 'vue';

/** Single keys act on the page, unless somebody is typing; Escape always does. */
export function useKeys(actions: Record<string, () => void>): void {
  const act = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const field = event.target instanceof HTMLElement && event.target.matches('input, select, textarea');
    if (field && event.key !== 'Escape') return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    if (field) event.target.blur();
    action();
  };
  window.addEventListener('keydown', act);
  onScopeDispose(() => window.removeEventListener('keydown', act));
}
