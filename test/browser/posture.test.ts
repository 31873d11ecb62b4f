import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lifeEventOf } from '../../src/finding/lifecycle.ts';
import { event } from '../api/parts.ts';
import { finding } from '../feed/samples.ts';
import { openBrowser } from './chromium.ts';
import { startPage, type PageServer } from './page-server.ts';

let browser: { context: BrowserContext; close: () => Promise<void> };
let server: PageServer;
let page: Page;
let offences: string[];

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  server = await startPage();
  offences = [];
  page = await browser.context.newPage();
  page.on('pageerror', (error) => offences.push(error.message));
  page.on('console', (message) => {
    if (/content security policy|vue warn|intlify/i.test(message.text())) offences.push(message.text());
  });
});
afterEach(async () => {
  await page.close();
  await browser.context.clearCookies();
  await server.stop();
  expect(offences).toEqual([]);
});

/** Two open findings and the line behind the heavier one: a score of 71. */
async function signIn(): Promise<{ heavy: ReturnType<typeof finding> }> {
  const now = Date.now() - 60_000;
  const cause = event({ raw: 'select * from resident_register', time: now });
  const heavy = finding('heavy', {
    ...{ severity: 'critical', assetLevel: 'core', vendor: 'qm', eventIds: [cause.id] },
    ...{ causedAt: now, lastTime: now },
  });
  const light = finding('light', { severity: 'medium', causedAt: now, lastTime: now });
  server.store.events = [cause];
  server.store.findings = [heavy, light];
  server.feed.recall([heavy, light]);
  await page.goto(await server.invitation());
  await page.locator('[data-score]').waitFor();
  return { heavy };
}
const score = (): Promise<string> => page.locator('[data-score]').innerText();

describe('the score on the page', () => {
  it('answers "why 71?" in two clicks: its terms, and the finding behind one', async () => {
    const { heavy } = await signIn();
    expect(await score()).toBe('71');
    await page.getByRole('button', { name: /^安全评分 71/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('heading', { name: /评分为什么是 71/ }).waitFor();
    const terms = dialog.locator('[data-term]');
    expect(await terms.first().getAttribute('data-term')).toBe(heavy.id);
    expect(await terms.first().innerText()).toMatch(/60 = 40 × 1\.5 × 1[\s\S]*严重，未处置，0 天前，资产级别：核心/);
    await terms.first().getByRole('button').first().click();
    await terms.first().getByText('select * from resident_register').waitFor();
    expect(await terms.first().innerText()).toContain('52,310 行');
    // A colour that nobody has set is black.
    const fill = await page.evaluate(`getComputedStyle(document.querySelector('[data-term] .observed')).fill`);
    expect(fill).toMatch(/^rgb/);
    expect(fill).not.toBe('rgb(0, 0, 0)');
  });

  it('rises by itself when the finding is closed', async () => {
    const { heavy } = await signIn();
    const closing = { ...lifeEventOf(heavy), id: '0190a1b2-0000-4000-8000-00000000000a', act: 'closed' as const };
    const life = { ...closing, by: 'lina', at: Date.now() - 1_000, disposition: 'benign' as const, text: 'ok' };
    server.store.lives = [life];
    server.feed.life([life]);
    await expect.poll(score, { timeout: 15_000 }).toBe('95');
  });

  it('speaks English, says what nobody watches, and closes with Escape', async () => {
    await signIn();
    await page.getByRole('button', { name: 'English', exact: true }).click();
    await page.getByRole('button', { name: /^Security score 71 .*Trust 0/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Why the score is 71' });
    await dialog.getByText('no registered source covers it').waitFor();
    expect(await dialog.innerText()).not.toMatch(/\p{Script=Han}/u);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
  });

  it('leads from a vendor to what is known of it', async () => {
    const { heavy } = await signIn();
    await page.getByRole('button', { name: /^安全评分/ }).click();
    await page.getByRole('button', { name: '只看这家服务商的发现' }).click();
    await expect.poll(() => page.locator('li[data-finding]').count()).toBe(1);
    expect(await page.locator('li[data-finding]').getAttribute('data-finding')).toBe(heavy.id);
  });
});
