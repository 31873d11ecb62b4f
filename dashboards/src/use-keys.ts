import { onScopeDispose } from 'vue';

/** What a key does; `false` hands it on to who listened before. */
export type KeyAction = () => unknown;

/** The last who asked is asked first: a page before the frame around it. */
const asked: Record<string, KeyAction>[] = [];

/** Single keys act on the page for as long as the component lives, unless somebody is typing; Escape always does. */
export function useKeys(actions: Record<string, KeyAction>): void {
  if (asked.length === 0) window.addEventListener('keydown', act);
  asked.push(actions);
  onScopeDispose(() => {
    asked.splice(asked.indexOf(actions), 1);
    if (asked.length === 0) window.removeEventListener('keydown', act);
  });
}

function act(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const field = event.target instanceof HTMLElement && event.target.matches('input, select, textarea');
  if (field && event.key !== 'Escape') return;
  const wanted = asked.toReversed().flatMap((actions) => actions[event.key] ?? []);
  if (wanted.length === 0) return;
  event.preventDefault();
  if (field) event.target.blur();
  wanted.find((action) => action() !== false);
}
