/** What the page remembers in this browser: language and theme, nothing else. Without storage it forgets. */
export function kept(name: 'language' | 'theme'): string {
  try {
    return localStorage.getItem(`wanglou.${name}`) ?? '';
  } catch {
    return '';
  }
}

export function keep(name: 'language' | 'theme', value: string): void {
  try {
    localStorage.setItem(`wanglou.${name}`, value);
  } catch {
    // A browser that refuses storage shows the default next time.
  }
}
