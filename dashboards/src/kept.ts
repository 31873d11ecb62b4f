/**
 * What the page remembers in this browser: language, theme and named filters, beside when somebody last looked
 * (home/last-look.ts). Without storage it forgets.
 */
export type KeptName = 'language' | 'theme' | 'filters';

export function kept(name: KeptName): string {
  try {
    return localStorage.getItem(`wanglou.${name}`) ?? '';
  } catch {
    return '';
  }
}

export function keep(name: KeptName, value: string): void {
  try {
    localStorage.setItem(`wanglou.${name}`, value);
  } catch {
    // A browser that refuses storage shows the default next time.
  }
}
