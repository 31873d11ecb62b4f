import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { finding, incident, pulse } from '../feed/samples.ts';
import { openBrowser } from './chromium.ts';
import { startPage, type PageServer } from './page-server.ts';
import { usageOf } from './page-usage.ts';

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
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.goto(await server.invitation());
  await page.getByRole('link', { name: '大屏' }).waitFor();
  await page.goto(`${server.url}/#/wall?turn=2`);
  await page.locator('[data-slide]').waitFor();
});
afterEach(async () => {
  await page.evaluate(() => localStorage.clear());
  await page.close();
  await browser.context.clearCookies();
  await server.stop();
  expect(offences).toEqual([]);
});

describe('the wall screen', () => {
  it('has no controls, is dark, turns through findings, incidents and sources, and Escape leads back', async () => {
    const now = Date.now();
    const read = finding('one', { severity: 'critical', title: { zh: '批量读取', en: 'Bulk read' }, causedAt: now });
    server.feed.finding(read);
    server.feed.incident(incident([read]));
    server.feed.pulse(
      pulse(now, { sources: [{ source: 'archive-db', events: 5, unparsed: 0, lastEventTime: now, lagMs: 40 }] }),
    );
    expect(await page.locator('button, a, input, select').count()).toBe(0);
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    await expect.poll(() => page.locator('.dots i').count()).toBe(3);
    const shows: Record<string, string> = { findings: '批量读取', incidents: '喷洒后批量读取', sources: 'archive-db' };
    for (const [name, text] of Object.entries(shows))
      await page.locator(`[data-slide="${name}"] li`).getByText(text).first().waitFor();
    await page.keyboard.press('Escape');
    await page.locator('li[data-finding]').waitFor();
    expect(await page.locator('[data-slide]').count()).toBe(0);
  });

  it('shows text that nobody could read from afar nowhere, and nothing that does not fit', async () => {
    const text = 'x'.repeat(10_000);
    const long = { zh: `<b>长</b>\u202e${text}`, en: text };
    for (let n = 0; n < 12; n++)
      server.feed.finding(finding(`f${n}`, { severity: 'critical', title: long, explanation: long }));
    await page.locator('[data-slide="findings"] li').first().waitFor();
    const measured = await page.evaluate<{ smallest: number; wider: number; higher: number }>(`({
      smallest: Math.min(
        ...[...document.querySelectorAll('main *')]
          .filter((one) => one.children.length === 0 && one.textContent.trim() !== '')
          .map((one) => parseFloat(getComputedStyle(one).fontSize)),
      ),
      wider: document.documentElement.scrollWidth - innerWidth,
      higher: document.documentElement.scrollHeight - innerHeight,
    })`);
    // 2.4 % of the height: 2 cm on a screen that is 80 cm high.
    expect(measured.smallest).toBeGreaterThanOrEqual(0.024 * 1080);
    expect(measured).toMatchObject({ wider: 0, higher: 0 });
  });

  it('says in large letters that the connection is lost, how old the data is, and recovers by itself', async () => {
    await server.pause();
    const alert = page.getByRole('alert');
    await alert.getByText(/连接中断，以下数据是 .+前的/).waitFor();
    await server.resume();
    await alert.waitFor({ state: 'detached', timeout: 20_000 });
  });

  it('keeps the rate and the clock going', async () => {
    for (const received of [1_000, 3_000]) {
      server.feed.pulse(pulse(Date.now(), { totals: { received, appended: received } }));
      await new Promise((resume) => setTimeout(resume, 1_100));
    }
    await expect.poll(() => page.locator('.rate').first().innerText()).toMatch(/^[1-9][\d,.]* 事件/);
  });

  it('holds no more after many messages than after a few, so that it can stay open for weeks', async () => {
    const tell = async (from: number, until: number): Promise<void> => {
      for (let n = from; n < until; n++) {
        const [now, text] = [Date.now(), `发现 ${n}`];
        const read = finding(`w${n}`, { severity: 'critical', title: { zh: text, en: text }, causedAt: now });
        server.feed.finding(read);
        if (n % 10 === 0) server.feed.incident(incident([read]));
        const source = { source: `s${n % 700}`, events: 5, unparsed: 0, lastEventTime: now, lagMs: 40 };
        server.feed.pulse(pulse(now, { sources: [source] }));
        if (n % 25 === 0) await new Promise((resume) => setTimeout(resume, 15));
      }
      await page
        .locator('[data-slide="findings"] li')
        .getByText(`发现 ${until - 1}`, { exact: true })
        .first()
        .waitFor();
    };
    // As many as the page keeps of each; what comes then takes the place of what was there.
    await tell(0, 2_000);
    const before = await usageOf(page);
    await tell(2_000, 6_000);
    const after = await usageOf(page);
    expect(after.nodes - before.nodes).toBeLessThan(300);
    expect(after.listeners - before.listeners).toBeLessThan(50);
    // 4,000 findings that stayed would be 6 MB or more.
    expect(after.heapMb - before.heapMb).toBeLessThan(3);
  });

  it('speaks English', async () => {
    await page.evaluate(() => localStorage.setItem('wanglou.language', 'en'));
    await page.reload();
    await page.getByText('No open findings').waitFor();
  });
});
