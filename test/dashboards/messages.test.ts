import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { en } from '../../dashboards/src/messages/en.ts';
import { zh } from '../../dashboards/src/messages/zh.ts';

/** `signIn.title` → text, for every leaf. */
function flat(messages: object, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(messages).flatMap(([name, value]: [string, unknown]) =>
      typeof value === 'string' ? [[prefix + name, value] as const] : [...flat(value as object, `${prefix}${name}.`)],
    ),
  );
}

const defined = { zh: flat(zh), en: flat(en) };
const sources = globSync('dashboards/src/**/*.{ts,vue}')
  .filter((path) => !path.includes('/messages/'))
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n');

/** Keys that the page names: `t('a.b')`, `key: 'a.b'`. */
const named = [...sources.matchAll(/(?:\bt\(|\? |: )'([a-zA-Z]+\.[\w.-]+)'/g)].map(([, key]) => key!);
/** Keys that it builds, as patterns: `a.${…}.hint`, known('a', …). */
const built = [
  ...[...sources.matchAll(/\bt\(\s*`([^`]+)`/g)].map(([, key]) => pattern(key!)),
  ...[...sources.matchAll(/\bknown\(\s*'(\w+(?:\.\w+)*)'/g)].map(([, prefix]) => pattern(`${prefix!}.\${}`)),
];

/** What `a.${…}.hint` may become; the parts that are computed have at least one character. */
function pattern(key: string): RegExp {
  const escaped = key.split(/\$\{[^}]*\}/).map((part) => part.replaceAll('.', '\\.'));
  return new RegExp(`^${escaped.join('.+')}$`);
}

describe('the texts of the page', () => {
  it('are the same keys in Chinese and in English', () => {
    expect([...defined.en.keys()]).toEqual([...defined.zh.keys()]);
  });

  it('have every key that the page names', () => {
    expect(named.length).toBeGreaterThan(80);
    expect(named.filter((key) => !defined.zh.has(key))).toEqual([]);
    expect(built.length).toBeGreaterThan(20);
    expect(built.filter((one) => ![...defined.zh.keys()].some((key) => one.test(key))).map(String)).toEqual([]);
  });

  it('have no key that nobody uses', () => {
    const used = (key: string): boolean => named.includes(key) || built.some((one) => one.test(key));
    expect([...defined.zh.keys()].filter((key) => !used(key))).toEqual([]);
  });

  it('have the same forms of number in both languages', () => {
    // vue-i18n reads `a | b` as singular and plural.
    const forms = (text: string): number => text.split(' | ').length;
    for (const [key, text] of defined.en) expect([key, forms(text)]).toEqual([key, forms(defined.zh.get(key)!)]);
  });

  it('are not empty, and have no space at an end that nobody meant', () => {
    for (const [key, text] of [...defined.zh, ...defined.en])
      expect([key, text.trimEnd()]).toEqual([key, text === '' ? 'a text' : text]);
  });

  it('end as sentences do in their language, and have the marks of it', () => {
    for (const [key, text] of defined.zh) {
      // Between two Chinese characters stands a Chinese mark.
      expect([key, /\p{Script=Han}[,;:?!]\p{Script=Han}/u.exec(text)?.[0]]).toEqual([key, undefined]);
      expect([key, /\p{Script=Han}\.$/u.exec(text)?.[0]]).toEqual([key, undefined]);
    }
    for (const [key, text] of defined.en)
      expect([key, /[\u3000-\u303f\uff00-\uffef]/u.exec(text)?.[0]]).toEqual([key, undefined]);
  });

  it('take the same values in both languages', () => {
    const values = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort();
    for (const [key, text] of defined.zh) expect([key, values(defined.en.get(key)!)]).toEqual([key, values(text)]);
  });

  it('are Chinese in Chinese, and not in English', () => {
    const han = /\p{Script=Han}/u;
    const alike = ['language.zh', 'language.en', 'why.techniqueVersion', 'why.lawOnly', 'error.other'];
    for (const [key, text] of defined.zh)
      if (!alike.includes(key)) expect([key, text]).toEqual([key, expect.stringMatching(han)]);
    for (const [key, text] of defined.en)
      if (!alike.includes(key)) expect([key, text]).toEqual([key, expect.not.stringMatching(han)]);
  });

  it('leave no Chinese or English words in the templates', () => {
    for (const path of globSync('dashboards/src/**/*.vue')) {
      const template = /<template>([\s\S]*)<\/template>/.exec(readFileSync(path, 'utf8'))?.[1] ?? '';
      const text = template
        .replace(/<!--[\s\S]*?-->/g, '')
        .replace(/\{\{[\s\S]*?\}\}/g, '')
        .replace(/="[^"]*"/g, '')
        .replace(/<[^>]*>/g, '');
      expect([path, text.match(/[\p{Script=Han}a-zA-Z]{2,}/u)?.[0]]).toEqual([path, undefined]);
    }
  });
});
