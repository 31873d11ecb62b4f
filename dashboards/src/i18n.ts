import { createI18n } from 'vue-i18n';
import type { Bilingual } from '../../src/finding/finding.ts';
import { en } from './messages/en.ts';
import { withSingulars } from './messages/singular.ts';
import { zh } from './messages/zh.ts';
import { kept, keep } from './kept.ts';

export type Language = 'zh' | 'en';

const LOCALE: Record<Language, string> = { zh: 'zh-CN', en: 'en' };

export const i18n = createI18n({
  legacy: false,
  locale: kept('language') === 'en' ? 'en' : 'zh',
  fallbackLocale: 'zh',
  messages: { zh, en: withSingulars(en) },
});

/** Switches the language of the page, and remembers it. */
export function setLanguage(language: Language): void {
  i18n.global.locale.value = language;
  document.documentElement.lang = LOCALE[language];
  keep('language', language);
}

export function language(): Language {
  return i18n.global.locale.value;
}

/** BCP 47 name of the current language, for numbers and dates. */
export function locale(): string {
  return LOCALE[language()];
}

/** The translation of a key that may not exist, else the text itself: units, levels and codes come from outside. */
export function known(
  prefix: string,
  name: string,
  otherwise: string = name,
  values: Readonly<Record<string, string>> = {},
): string {
  const key = `${prefix}.${name}`;
  return i18n.global.te(key) ? i18n.global.t(key, values) : otherwise;
}

/** The text in the current language. */
export function say(text: Bilingual): string {
  return text[language()] || text.zh || text.en;
}
