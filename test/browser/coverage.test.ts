import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lineOf } from '../api/fake-coverage-store.ts';
import { openBrowser } from './chromium.ts';
import { startPage, type PageServer } from './page-server.ts';

const MINUTE = 60_000;
const NOW = Math.floor(Date.now() / MINUTE) * MINUTE;
const EVEN = { received: 0, appended: 0, parsed: 0, stored: 0, evaluated: 0 };
/** As an attacker would write it: markup, a change of direction. */
const HOSTILE = '<img src=x onerror="document.title=1"> \u202egnp.exe';

let server: PageServer;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let page: Page;
const offences: string[] = [];

beforeAll(async () => {
  [server, browser] = await Promise.all([startPage(), openBrowser()]);
  const { coverageStore } = server;
  coverageStore.settledTo = NOW - MINUTE;
  const instance = { instance: '', ended: false };
  coverageStore.epochList = [{ epoch: 'e', startedAt: NOW - 50 * MINUTE, statedAt: Date.now(), ...instance }];
  coverageStore.lineList = Array.from({ length: 40 }, (_, n) => lineOf('portal', NOW - (n + 2) * MINUTE));
  coverageStore.lineList.push(
    lineOf('gate', NOW - 5 * MINUTE, {
      ...{ stored: 7, off: { ...EVEN, stored: -3 }, refused: { [HOSTILE]: 2 }, received: 12 },
    }),
    lineOf('gate', NOW - 6 * MINUTE, { late: 9 }),
  );
  page = browser.context.pages()[0]!;
  page.on('pageerror', (error) => offences.push(error.message));
  page.on('console', (message) => {
    if (/content security policy|vue warn|intlify/i.test(message.text())) offences.push(message.text());
  });
  await page.goto(await server.invitation());
  await page.getByRole('link', { name: '日志源' }).first().waitFor();
  await page.goto(`${server.url}/#/coverage`);
  await page.locator('[data-covered="portal"]').waitFor();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function attributesOf(selector: string, name: string): Promise<(string | null)[]> {
  const found = await page.locator(selector).all();
  return Promise.all(found.map((one) => one.getAttribute(name)));
}

const statesOf = (source: string) => attributesOf(`[data-covered="${source}"] [data-cell]`, 'data-state');

describe('the coverage ledger', () => {
  it('shows each source minute by minute, those with something wrong first', async () => {
    expect(await attributesOf('[data-covered]', 'data-covered')).toEqual(['gate', 'portal']);
    const [gate, portal] = [await statesOf('gate'), await statesOf('portal')];
    expect(gate).toHaveLength(60);
    expect(gate.filter((state) => state === 'uneven')).toHaveLength(1);
    expect(gate.filter((state) => state === 'late')).toHaveLength(1);
    expect(portal.filter((state) => state === 'ok').length).toBeGreaterThanOrEqual(39);
    expect(portal).toContain('nobody');
  });

  it('says what has to be equal, and by how much it is not', async () => {
    const stored = page.locator('[data-equation="stored"]');
    await expect.poll(() => stored.innerText()).toMatch(/417\s+420\s+-3/);
    expect(await page.locator('[data-equation="received"] .tag').innerText()).toBe('0');
  });

  it('says what each version of a detector has judged and not seen', async () => {
    await page.locator('summary').click();
    await expect.poll(() => page.locator('[data-judged="brute-force"]').innerText()).toMatch(/2\s+417\s+10/);
  });

  it('lists the lines of a source that is chosen, and takes its reasons as text', async () => {
    await page.locator('[data-covered="gate"] th').waitFor();
    await page.locator('[data-covered="gate"] [data-cell]').first().click();
    await page.locator('[data-lines] [data-line]').first().waitFor();
    expect(await page.locator('[data-line]').count()).toBe(2);
    expect(await page.locator('[data-line]').first().innerText()).toContain('<img src=x');
    expect(page.url()).toContain('source=gate');
    expect(offences).toEqual([]);
  });

  it('can be walked with the arrows', async () => {
    await page.locator('[data-covered="gate"] [data-cell]').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    const label = page.locator('[data-covered="portal"] [data-cell]:focus');
    expect(await label.getAttribute('aria-label')).toContain('portal');
  });

  it('has a gap replayed, and shows what came of it', async () => {
    const gap = page.locator('[data-gap]');
    expect(await gap.innerText()).toContain('100–109');
    await gap.getByRole('button', { name: '重放' }).click();
    await expect.poll(() => server.coverageStore.written.at(-1)?.state).toBe('running');
    server.coverageStore.endReplay({ stored: 3, evaluated: 0, findings: 0, unreadable: 0 });
    await expect.poll(() => server.coverageStore.written.at(-1)?.state).toBe('done');
    server.coverageStore.replayed = server.coverageStore.written.slice(-1);
    await page.reload();
    await page.locator('[data-replay="done"]').waitFor();
    expect(await page.locator('[data-replay]').innerText()).toContain('新存储 3');
    expect(offences).toEqual([]);
  });
});
