import { readFileSync } from 'node:fs';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lifeEventOf } from '../../src/finding/lifecycle.ts';
import { event } from '../api/parts.ts';
import { finding, incident } from '../feed/samples.ts';
import { openBrowser } from './chromium.ts';
import { startPage, type PageServer } from './page-server.ts';

const HOUR_MS = 3_600_000;
const HOSTILE = `<img src=x onerror="document.title=1">{{ constructor }}\u202e${'长'.repeat(3_400)}`;

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
  expect(await page.title()).toMatch(/ · (望楼|Wanglou)$/);
  await page.close();
  await browser.context.clearCookies();
  await server.stop();
  expect(offences).toEqual([]);
});

/** Opens the page of an incident of two findings, and answers with it. */
async function open(changes: Parameters<typeof finding>[1] = {}): Promise<ReturnType<typeof incident>> {
  const now = Date.now();
  const cause = event({ raw: 'select * from resident_register', time: now - HOUR_MS, source: 'population-db' });
  const seen = { lastTime: now - HOUR_MS, firstTime: now - 2 * HOUR_MS, causedAt: now - HOUR_MS };
  const findings = ['one', 'two'].map((name) => finding(name, { ...seen, eventIds: [cause.id], ...changes }));
  const made = { ...incident(findings), causedAt: now - HOUR_MS };
  server.store.events = [cause];
  server.store.findings = findings;
  server.store.lives = findings.map(lifeEventOf);
  server.store.incidents = [made];
  await page.goto(await server.invitation());
  await page.getByRole('heading', { name: '安全发现' }).waitFor();
  await page.goto(`${server.url}/#/incident/${made.id}`);
  return made;
}

const clock = (): ReturnType<Page['locator']> => page.locator('[data-clock]');
const panel = (title: string): ReturnType<Page['locator']> =>
  page.locator('section.panel').filter({ has: page.getByRole('heading', { name: title, exact: true, level: 2 }) });

describe('the page of an incident', () => {
  it('takes its report from an assumption to the receipt, and every entry is kept', async () => {
    const { id } = await open();
    await expect.poll(() => clock().getAttribute('data-clock')).toBe('maybe');
    expect(await clock().innerText()).toMatch(/如需报告，截止\s*0[23]:\d\d:\d\d/);
    await page.getByRole('button', { name: '确认级别，开始计时' }).click();
    await page.getByLabel('重大', { exact: true }).check();
    await page.getByLabel('1 小时').check();
    await page.getByRole('button', { name: '确认', exact: true }).click();
    await expect.poll(() => clock().getAttribute('data-clock')).toBe('running');
    expect(await clock().innerText()).toMatch(/距报告截止\s*(01:00:00|00:59:\d\d)/);
    const lacking = page.locator('.lacking');
    expect(await lacking.innerText()).toContain('发生地点');
    await page.getByRole('button', { name: '填写发生地点' }).click();
    await page.keyboard.type('一号机房');
    await page.locator('[data-field="place"]').getByRole('button', { name: '确认', exact: true }).click();
    await expect.poll(() => lacking.innerText()).not.toContain('发生地点');
    await page.getByRole('button', { name: '登记已报告' }).click();
    await page.locator('form textarea').fill('省网信办 12387，回执 0071');
    await page.getByRole('button', { name: '登记已报告' }).click();
    await expect.poll(() => clock().getAttribute('data-clock')).toBe('sent');
    await page.getByText('报告记录（3）').click();
    expect(await panel('报告内容').locator('details li').first().innerText()).toContain('回执 0071');
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: '网页（可打印）' }).click();
    const file = await (await download).path();
    const report = readFileSync(file, 'utf8');
    expect(report).toContain('一号机房');
    expect(report).toContain(id);
  });

  it('tells the story in lanes, graph, steps and evidence, in both languages', async () => {
    await open();
    await expect.poll(() => panel('时间线').locator('.track a').count()).toBe(2);
    expect(await panel('关系图').locator('svg rect').count()).toBe(3);
    await panel('证据清单').getByText('select * from resident_register').waitFor();
    expect(await panel('证据清单').locator('li code').last().innerText()).toMatch(/^[0-9a-f]{64}$/);
    await page.getByRole('button', { name: 'English' }).click();
    await panel('Evidence').getByText('Log lines 1, findings 2, revisions 2').waitFor();
    expect(await page.locator('main').innerText()).not.toMatch(/报告|时间线|发现|证据/);
    await panel('Steps').getByRole('link', { name: 'Open the finding' }).first().click();
    await page.getByRole('heading', { name: 'Bulk read above own baseline' }).first().waitFor();
    await page.getByRole('button', { name: '中文' }).click();
  });

  it('is triaged as a whole by keyboard, findings that stand so already left alone', async () => {
    await open();
    await page.getByText('0 / 2 条已关闭').waitFor();
    await page.keyboard.press('a');
    await page.getByText('已处置 2 条').waitFor();
    await page.locator('.state').getByText('已确认').waitFor();
    await page.keyboard.press('c');
    await page.getByLabel('属实', { exact: true }).check();
    await page.locator('form textarea').fill('离场人员越权，已停用');
    await page.locator('form').getByRole('button', { name: '全部关闭' }).click();
    await page.locator('.state').getByText('已关闭').waitFor();
    expect(await panel('处置记录').innerText()).toContain('离场人员越权，已停用');
    expect(await page.getByRole('button', { name: '全部关闭' }).count()).toBe(0);
  });

  it('counts by the clock of the server, however wrong that of the browser is', async () => {
    await page.addInitScript(`{
      const real = Date.now.bind(Date);
      Date.now = () => real() - 5 * ${HOUR_MS};
    }`);
    await open();
    await expect.poll(() => clock().innerText()).toMatch(/0[23]:\d\d:\d\d/);
  });

  it('shows names that were made to do harm as text, and says which events the store does not have', async () => {
    const text = { zh: HOSTILE, en: HOSTILE };
    const names = { actor: HOSTILE, asset: HOSTILE, system: HOSTILE, clientAddress: HOSTILE, vendor: HOSTILE };
    await open({ ...names, title: text, explanation: text, eventIds: ['00000000-0000-8000-8000-000000000077'] });
    await panel('证据清单').getByText('1 个事件不在存储中').waitFor();
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(await page.evaluate('document.querySelector("main").scrollWidth <= innerWidth')).toBe(true);
    for (const title of ['时间线', '关系图', '步骤'])
      expect((await panel(title).boundingBox())!.height).toBeLessThan(520);
  });

  it('says that there is no such incident, and where to go on', async () => {
    await open();
    await page.goto(`${server.url}/#/incident/no-uuid`);
    await page.getByRole('heading', { name: '没有这个安全事件' }).waitFor();
    await page.getByRole('link', { name: '回到态势' }).click();
    await page.getByRole('heading', { name: '安全发现' }).waitFor();
  });
});
