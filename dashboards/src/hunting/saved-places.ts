import type { SavedParameter } from '../../../src/hunting/saved-query.ts';

const PLACE = /\{\{(\w+)\}\}/g;

/** Names in `{{…}}` in the values of an address. */
export function placesIn(query: string): readonly string[] {
  const said = [...new URLSearchParams(query).values()].join('\n');
  return [...new Set([...said.matchAll(PLACE)].map(([, name]) => name!))];
}

/** The address with values in the places; in JSON they are written as JSON has it, and numbers are numbers. */
export function filledIn(
  query: string,
  values: Readonly<Record<string, string>>,
  parameters: readonly SavedParameter[],
): string {
  const filled = new URLSearchParams();
  const isNumber = (name: string): boolean => parameters.some((one) => one.name === name && one.type === 'number');
  for (const [name, text] of new URLSearchParams(query)) {
    const inJson = name === 'where';
    const numbers = inJson
      ? text.replace(/"\{\{(\w+)\}\}"/g, (place, one: string) =>
          isNumber(one) && values[one] !== undefined ? String(Number(values[one]) || 0) : place,
        )
      : text;
    const value = numbers.replace(PLACE, (place, one: string) => {
      const said = values[one];
      if (said === undefined) return place;
      return inJson ? JSON.stringify(said).slice(1, -1) : said;
    });
    filled.set(name, value);
  }
  return filled.toString();
}
