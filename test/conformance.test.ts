import { existsSync, readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { addressIn } from '../dashboards/src/address.ts';
import { pageOf } from '../dashboards/src/pages.ts';

// A page then is the function that loads it, whose text names the file.
vi.mock('vue', () => ({ defineAsyncComponent: (load: () => unknown) => load }));

const text = readFileSync('docs/conformance.md', 'utf8');
const rows = text
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (clause|chapter|-)/.test(line))
  .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim())); // prettier-ignore
const named = (pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name]) => name!);

it('the table of conformance names in each row what shows it, or says honestly that nothing does', () => {
  expect(rows.length).toBeGreaterThan(40);
  for (const [clause, demand, state, shown] of rows) {
    expect([clause, state]).toEqual([clause, expect.stringMatching(/^(shown|partly: .+|not yet)$/)]);
    expect([demand, /\p{Script=Han}/u.test(demand!), /[a-z]{3}/.test(demand!)]).toEqual([demand, true, true]);
    const isShown = /`test\/|`#\//.test(shown!);
    expect([demand, isShown]).toEqual([demand, state !== 'not yet']);
    expect([demand, shown!.length > 0]).toEqual([demand, true]);
  }
});

it('every test, page and document that it names is there', () => {
  const tests = named(/`(test\/[^`]+)`/g);
  expect(tests.length).toBeGreaterThan(50);
  expect(tests.filter((path) => !existsSync(path))).toEqual([]);
  const pages = named(/page `(#\/[^`]*)`/g);
  const missing = pages.filter((hash) =>
    /NoSuchPage/.test(Function.prototype.toString.call(pageOf(addressIn(hash)).is)),
  );
  expect(pages.length).toBeGreaterThan(10);
  expect(missing).toEqual([]);
  expect(named(/\]\(([\w.-]+\.md)\)/g).filter((file) => !existsSync(`docs/${file}`))).toEqual([]);
});

it('gives clause numbers only where they are publicly known', () => {
  const clauses = rows.map(([clause]) => clause!).filter((clause) => /^\d/.test(clause));
  const known = /^6\.([1-6](\.[1-6])?)( |$)/;
  expect(clauses.filter((clause) => !known.test(clause))).toEqual([]);
});
