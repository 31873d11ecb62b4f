import type { Value } from '../access/masking/values.ts';

/** What is left of personal information in a text, of all the values that were sent. */
export class KnownValues {
  /** By their first characters, what stands for each value, without separators: nobody knows a value by less. */
  readonly #beginnings = new Map<string, string[]>();
  readonly #names = new Set<string>();

  constructor(values: readonly Value[]) {
    for (const { kind, written } of values)
      if (kind === 'name') this.#names.add(written);
      else {
        const known = plain(written).slice(0, MOST);
        const begin = known.slice(0, LENGTH);
        this.#beginnings.set(begin, [...(this.#beginnings.get(begin) ?? []), known]);
      }
  }

  /** Values, or their beginnings, that stand in the text, each with what is around it; masked ones do not. */
  in(text: string): string[] {
    const found = new Set<string>();
    const shown = plain(text.replace(/‹[^›]{0,60}›/g, '\n').replace(/ds_[\w-]{22}/g, '\n'));
    for (let from = 0; from + LENGTH <= shown.length; from++) {
      for (const value of this.#beginnings.get(shown.slice(from, from + LENGTH)) ?? [])
        if (shown.startsWith(value, from)) found.add(`${value} in ${around(shown, from)}`);
    }
    for (const { 0: han, index } of shown.matchAll(/[\u3400-\u9fff·]{2,}/g))
      for (let from = 0; from < han.length; from++)
        for (const length of [2, 3, 4, 7, 8])
          if (this.#names.has(han.slice(from, from + length)))
            found.add(`${han.slice(from, from + length)} in ${around(shown, index + from)}`);
    return [...found];
  }
}

const LENGTH = 7;
const MOST = 12;

function around(text: string, place: number): string {
  return text.slice(Math.max(0, place - 40), place + 30);
}

function plain(text: string): string {
  return text
    .replace(/(?:%[0-9A-F]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'))
    .replace(/\\+u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    .normalize('NFKC')
    .replace(/[\s()+·-]/g, '')
    .toUpperCase();
}
