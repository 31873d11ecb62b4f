import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, type RunningWanglou } from '../integration/wanglou.ts';
import { openBrowser } from './chromium.ts';
import { buildPage } from './page-server.ts';
import { startSmallCity } from './small-city.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Address, and what is there once it is loaded. */
const PAGES: readonly [hash: string, loaded: string][] = [
  ['#/', 'li[data-finding]'],
  ['#/findings', 'li[data-finding]'],
  ['#/wall', '[data-slide]'],
  ['#/vendors', 'main a'],
  ['#/vendor/qiming', 'main h1, main h2'],
  ['#/department/aid', 'main h1, main h2'],
  ['#/sources', '[data-source]'],
  ['#/registry/assets?entry=families', '.entry dl'],
  ['#/registry/unresolved', 'main'],
  ['#/registry/import', 'main form'],
  ['#/detectors', 'tr[data-detector]'],
  ['#/detectors/bulk-read', 'tr[data-setting]'],
  ['#/detectors/suppressions', 'main'],
];

let wanglou: RunningWanglou;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let page: Page;

beforeAll(async () => {
  buildPage();
  [wanglou, browser] = await Promise.all([startSmallCity(), openBrowser()]);
  page = browser.context.pages()[0]!;
  await page.goto(`http://127.0.0.1:${wanglou.ports.web}/#code=${wanglou.code}`);
  await page.locator('li[data-finding]').first().waitFor({ timeout: 60_000 });
});
afterAll(async () => {
  await browser.close();
  await wanglou.stop();
});

it.each(
  PAGES.flatMap(([hash, loaded]) => (['zh light', 'en dark'] as const).map((how) => [hash, how, loaded] as const)),
)('axe finds nothing serious on %s, %s', async (hash, how, loaded) => {
  const [language, theme] = how.split(' ');
  await page.evaluate(
    `localStorage.setItem('wanglou.language', '${language!}'); localStorage.setItem('wanglou.theme', '${theme!}')`,
  );
  await page.goto(`http://127.0.0.1:${wanglou.ports.web}/${hash}`);
  await page.reload();
  await page.locator(loaded).first().waitFor();
  if (hash === '#/findings') await page.locator('li[data-finding] > button').first().click();
  expect(await seriousFaults()).toEqual([]);
});

/** Violations of WCAG 2 A and AA, as `rule: element`. */
async function seriousFaults(): Promise<string[]> {
  // By the debugger's protocol: the page's own policy forbids scripts from elsewhere.
  const session = await browser.context.newCDPSession(page);
  const run = async <T>(expression: string): Promise<T> => {
    const { result } = await session.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    return result.value as T;
  };
  await run(`${AXE}; 0`);
  const { violations } = await eventually(
    () => run<AxeResults>(`axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })`),
    (results) => results.violations !== undefined,
  );
  await session.detach();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}
