import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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
  await page.goto(await server.invitation());
  await page.getByRole('heading', { name: '安全发现' }).waitFor();
});
afterEach(async () => {
  await page.close();
  await browser.context.clearCookies();
  await server.stop();
  expect(offences).toEqual([]);
});

const open = async (id: string): Promise<void> => {
  await page.goto(`${server.url}/#/finding/${id}`);
};

describe('the page of a finding', () => {
  it('shows one that has long left the live list, with its events, and takes decisions by keyboard', async () => {
    const longAgo = Date.now() - 40 * 86_400_000;
    const cause = event({ raw: 'select * from resident_register', time: longAgo });
    const old = finding('old', { eventIds: [cause.id], causedAt: longAgo, lastTime: longAgo });
    server.store.events = [cause];
    server.store.findings = [old];
    await open(old.id);
    await page.getByRole('heading', { name: old.title.zh }).waitFor();
    await page.getByText('select * from resident_register').waitFor();
    await page.keyboard.press('a');
    await page.getByText('已确认').first().waitFor();
    await page.keyboard.press('n');
    await page.locator('form textarea').fill('问过本人');
    await page.keyboard.press('Escape');
    expect(await page.locator('form textarea').count()).toBe(0);
  });

  it('is reached from the list, and leads back', async () => {
    const one = finding('one', { causedAt: Date.now(), lastTime: Date.now() });
    server.store.findings = [one];
    server.feed.finding(one);
    await page.goto(`${server.url}/#/findings`);
    await page.locator('li[data-finding] > button').click();
    await page.getByRole('link', { name: '单独打开' }).click();
    await page.locator(`article[data-finding="${one.id}"]`).waitFor();
    await page.goBack();
    await page.locator('li[data-finding]').waitFor();
  });

  it.each(['00000000-0000-5000-8000-000000000000', 'no-uuid', '%E0%A4%A'])(
    'says that there is no finding %s, and where to go on',
    async (id) => {
      await open(id);
      await page.getByRole('heading', { name: '没有这个发现' }).waitFor();
      await page.getByRole('link', { name: '回到发现列表' }).click();
      await page.getByRole('heading', { name: '安全发现' }).waitFor();
    },
  );
});
