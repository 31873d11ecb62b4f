import { ref } from 'vue';
import { keep, kept } from './kept.ts';

export type Theme = 'system' | 'light' | 'dark';
export const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

const system = window.matchMedia('(prefers-color-scheme: dark)');

/** What was chosen; `system` follows the operating system. */
export const theme = ref<Theme>(THEMES.find((name) => name === kept('theme')) ?? 'system');
/** What is in force. */
export const isDark = ref(system.matches);

const paper = window.matchMedia('print');
let forced = false;

export function setTheme(chosen: Theme): void {
  theme.value = chosen;
  keep('theme', chosen);
  apply();
}

/** A wall screen is dark whatever was chosen. */
export function forceDark(on: boolean): void {
  forced = on;
  apply();
}

/** Puts the theme in force, and follows the system from now on. */
export function startTheme(): void {
  system.addEventListener('change', apply);
  paper.addEventListener('change', apply);
  apply();
}

function apply(): void {
  isDark.value = forced || (theme.value === 'system' ? system.matches : theme.value === 'dark');
  document.documentElement.dataset['theme'] = isDark.value && !paper.matches ? 'dark' : 'light';
}
