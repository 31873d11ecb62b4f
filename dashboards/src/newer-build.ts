/** A part of the page that is gone was replaced by a newer build; the pause is for a server that is just starting. */
const PAUSE_MS = 2_000;

/** Begins again with the build that the server has now, if it is another one than this. */
export async function reloadWhenReplaced(): Promise<void> {
  const entry = document.querySelector<HTMLScriptElement>('script[type="module"][src]')?.getAttribute('src');
  const served = await fetch('/', { cache: 'no-store', headers: { accept: 'text/html' } })
    .then((answer) => (answer.ok ? answer.text() : ''))
    .catch(() => '');
  if (typeof entry === 'string' && served !== '' && !served.includes(entry)) location.reload();
}

/** Watches for parts of the page that can not be loaded any more. */
export function followBuilds(): void {
  window.addEventListener('vite:preloadError', () => setTimeout(() => void reloadWhenReplaced(), PAUSE_MS));
}
