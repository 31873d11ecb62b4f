import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zh } from '../../dashboards/src/messages/zh.ts';
import { eventually, type RunningWanglou } from '../integration/wanglou.ts';
import { tellOfMishaps, workAsAuditor } from './auditors-work.ts';
import { openBrowser } from './chromium.ts';
import { damageOf, poison, UNHARMED, watchPolicy } from './hostile-content.ts';
import { buildPage } from './page-server.ts';
import { CITY_SUBJECTS, startSmallCity } from './small-city.ts';
import { lookAs, openAll, subjectsOf, VIEWS, visit, type Subjects } from './views.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const KEY = new RegExp(`(?:^|\\s)(?:${Object.keys(zh).join('|')})\\.[a-zA-Z]\\S*`, 'm');

let wanglou: RunningWanglou;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let page: Page;
let url: string;
let of: Subjects;

beforeAll(async () => {
  buildPage();
  [wanglou, browser] = await Promise.all([startSmallCity(), openBrowser()]);
  url = `http://127.0.0.1:${wanglou.ports.web}`;
  of = await eventually(
    () => subjectsOf(url, wanglou.token('api'), CITY_SUBJECTS),
    ({ incident }) => incident !== '',
  );
  page = browser.context.pages()[0]!;
  await page.goto(`${url}/#code=${wanglou.code}`);
  await page.locator('li[data-finding]').first().waitFor({ timeout: 60_000 });
  of.report = await workAsAuditor(page, of);
  await tellOfMishaps(page);
});
afterAll(async () => {
  await browser.close();
  await wanglou.stop();
});

describe.each([
  { language: 'zh', theme: 'light' },
  { language: 'en', theme: 'dark' },
] as const)('axe finds nothing serious in $language, $theme', (look) => {
  beforeAll(async () => {
    await page.goto(url);
    await lookAs(page, look);
  });

  it.each(VIEWS.map((view) => [view.name, view] as const))('on %s, and in what opens there', async (_name, view) => {
    await visit(page, view, of);
    await page.locator('.late').waitFor({ state: 'hidden' });
    expect(await seriousFaults()).toEqual([]);
    await openAll(page, view);
    expect(await seriousFaults()).toEqual([]);
    // A text that is missing in both languages shows as its key.
    expect(KEY.exec(await page.locator('body').innerText())?.[0]).toBeUndefined();
  });

  it('in the dialog of keys', async () => {
    await page.goto(`${url}/#/findings`);
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    expect(await seriousFaults()).toEqual([]);
  });

  it('before signing in, with a code and with a password, and when the server is away', async () => {
    const stranger = await browser.context.browser()!.newContext({ colorScheme: look.theme });
    const before = page;
    page = await stranger.newPage();
    try {
      await page.goto(url);
      await lookAs(page, look);
      await page.locator('form').waitFor();
      expect(await seriousFaults()).toEqual([]);
      await page.locator('form .link').click();
      expect(await seriousFaults()).toEqual([]);
      await page.route('**/api/v1/me', (route) => route.abort());
      await page.reload();
      await page.getByRole('alert').waitFor();
      expect(await seriousFaults()).toEqual([]);
    } finally {
      await stranger.close();
      page = before;
    }
  });
});

describe.each(['zh', 'en'] as const)('hostile content in every field does nothing, in %s', (language) => {
  const offences: string[] = [];

  beforeAll(async () => {
    page = await browser.context.newPage();
    page.on('pageerror', (error) => offences.push(error.message));
    page.on('dialog', (dialog) => offences.push(dialog.message()));
    await watchPolicy(page);
    await poison(page);
    await page.goto(url);
    await lookAs(page, { language, theme: 'light' });
  });
  afterAll(() => page.close());

  it.each(VIEWS.map((view) => [view.name, view] as const))('on %s, and in what opens there', async (_name, view) => {
    await visit(page, view, of);
    await openAll(page, view);
    await page.waitForTimeout(250); // until what was asked for has come
    const unharmed = view.name === 'wall' ? { ...UNHARMED, bar: undefined } : UNHARMED;
    expect(await damageOf(page)).toEqual(unharmed);
    expect(await page.title()).toMatch(/^[^<{]+ · (望楼|Wanglou)$/);
    expect(offences).toEqual([]);
  });
});

/** Violations of WCAG 2 A and AA, as `rule: element`. */
async function seriousFaults(): Promise<string[]> {
  // By the debugger's protocol: the page's own policy forbids scripts from elsewhere.
  const session = await page.context().newCDPSession(page);
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
