import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { addressIn } from '../../dashboards/src/address.ts';
import { pageOf, SECTIONS } from '../../dashboards/src/pages.ts';
import { VIEWS } from '../browser/views.ts';

// A page then is the function that loads it, whose text names the file.
vi.mock('vue', () => ({ defineAsyncComponent: (load: () => unknown) => load }));

const of = {
  ...{
    finding: 'f',
    incident: 'i',
    actor: 'a',
    asset: 'a',
    vendor: 'v',
    department: 'd',
    source: 's',
    detector: 'd',
    report: 'r',
  },
};
const shown = VIEWS.map(({ address }) => pageOf(addressIn(address(of))));
const fileIn = (text: string): string => /(\w+)\.vue/.exec(text)![1]!;
const textOf = (loads: unknown): string => Function.prototype.toString.call(loads);

it('every page is in the table that screenshots and the tests of all pages go through', () => {
  const source = readFileSync('dashboards/src/pages.ts', 'utf8');
  const pages = [...source.matchAll(/import\('\.[^']+\.vue'\)/g)].map(([text]) => fileIn(text));
  expect(pages.length).toBeGreaterThan(5);
  const visited = new Set(shown.map(({ is }) => fileIn(textOf(is))));
  expect(pages.filter((page) => !visited.has(page))).toEqual([]);
  const sections = new Set(shown.map(({ section }) => section));
  expect(SECTIONS.filter((section) => !sections.has(section))).toEqual([]);
});

it('each has a name of its own', () => {
  expect(new Set(VIEWS.map(({ name }) => name)).size).toBe(VIEWS.length);
});
