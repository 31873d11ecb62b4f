import { compileTemplate } from 'vue/compiler-sfc';
import { describe, expect, it } from 'vitest';
import { showHarmlessly } from '../../dashboards/show-harmlessly.ts';
import { shown } from '../../dashboards/src/shown.ts';

describe('text from outside, on the page', () => {
  it.each([
    ['sequences of terminals', '\u001b[31mred\u001b[0m', '[U+001B][31mred[U+001B][0m'],
    ['an override of the direction of writing', 'invoice\u202efdp.exe', 'invoice[U+202E]fdp.exe'],
    ['isolates', '\u2067abc\u2069', '[U+2067]abc[U+2069]'],
    ['the end of an isolate that somebody else began', 'abc\u2069\u2068', 'abc[U+2069][U+2068]'],
    ['an isolate that does not end', '\u2068abc', '[U+2068]abc'],
    ['what has no width', 'ad\u200bmin\ufeff', 'ad[U+200B]min[U+FEFF]'],
    ['letters without ink', 'ad\u3164min', 'ad[U+3164]min'],
    ['half of a character', 'a\ud83d', 'a[U+D83D]'],
    ['invisible tags', 'a\u{e0041}', 'a[U+E0041]'],
  ])('shows %s as numbers', (_what, text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it('leaves Chinese, line breaks, tabs, emoji and numbers as they are', () => {
    for (const usual of [
      '李维读取 52,310 行。\n\t第二行',
      'naïve',
      '🏛️',
      '给 \u2068税务局\u2069 的',
      7,
      null,
      undefined,
    ])
      expect(shown(usual)).toBe(usual);
  });

  it('does not let marks pile up over other lines', () => {
    expect(shown(`a${'\u0301'.repeat(500)}b`)).toBe(`a${'\u0301'.repeat(4)}[…]b`);
  });

  it('keeps what is written from the right a unit of its own', () => {
    expect(shown('مدير')).toBe('\u2068مدير\u2069');
  });

  it('goes through it wherever a template shows text', () => {
    const source = '<p :title="name">{{ name }} <b v-for="one in list">{{ one }}</b>{{ "constant" }}</p>';
    const compilerOptions = { nodeTransforms: [showHarmlessly] };
    const { code, errors } = compileTemplate({ source, filename: 'a.vue', id: 'a', compilerOptions });
    expect(errors).toEqual([]);
    expect(code.match(/_toDisplayString\(_ctx\.\$shown\(/g)).toHaveLength(3);
    expect(code.match(/_toDisplayString\(/g)).toHaveLength(3);
  });
});
