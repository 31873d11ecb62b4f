import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { event } from '../api/parts.ts';
import { finding, incident, pulse } from '../feed/samples.ts';
import { openBrowser } from './chromium.ts';
import { startPage, type PageServer } from './page-server.ts';

let browser: { context: BrowserContext; close: () => Promise<void> };
let server: PageServer;
let page: Page;
/** What the page must never do: run into an error, break its own policy, ask another host. */
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
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url)) offences.push(`asked ${request.url()}`);
  });
});
afterEach(async () => {
  await page.close();
  await browser.context.clearCookies();
  await server.stop();
  expect(offences).toEqual([]);
});

const rows = (): ReturnType<Page['locator']> => page.locator('li[data-finding]');
const status = (): ReturnType<Page['locator']> => page.getByRole('status');

async function signIn(hash = ''): Promise<void> {
  await page.goto(await server.invitation());
  await page.getByRole('heading', { name: /安全发现|Findings/ }).waitFor();
  if (hash !== '') await page.goto(`${server.url}/${hash}`);
}

async function speak(): Promise<void> {
  server.feed.pulse(pulse(Date.now(), { totals: { received: 1_000, appended: 1_000, stored: 900 } }));
}

async function eventually(what: () => Promise<unknown>, expected: unknown): Promise<void> {
  await expect.poll(what, { timeout: 15_000 }).toEqual(expected);
}

describe('signing in', () => {
  it('takes the code out of the address, and stays signed in over a reload', async () => {
    await signIn();
    expect(page.url()).toBe(`${server.url}/`);
    await page.reload();
    await page.getByRole('heading', { name: '安全发现' }).waitFor();
  });

  it('explains a code that was used before, and takes a good one by hand', async () => {
    const used = await server.invitation();
    await server.access.signInWithCode(used.split('=')[1]!, '192.0.2.1');
    await page.goto(used);
    await page.getByRole('alert').filter({ hasText: '已被使用' }).waitFor();
    await page.getByLabel('一次性登录码').fill(await server.access.drawCode());
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByRole('heading', { name: '安全发现' }).waitFor();
  });

  it('takes a start address that is pasted into the tab of the sign-in page', async () => {
    await page.goto(server.url);
    await page.getByRole('heading', { name: '登录望楼' }).waitFor();
    await page.goto(await server.invitation());
    await page.getByRole('heading', { name: '安全发现' }).waitFor();
    expect(page.url()).toBe(`${server.url}/`);
  });

  it('ends with signing out, for the live feed too', async () => {
    await signIn();
    await page.getByRole('button', { name: '退出登录' }).click();
    await page.getByRole('heading', { name: '登录望楼' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: '登录望楼' }).waitFor();
    await expect.poll(() => server.feed.clients).toBe(0);
  });
});

describe('the live page', () => {
  it('shows a finding the moment it happens, without a reload, and revises it in place', async () => {
    await signIn('#/findings');
    await page.getByText('目前没有发现').waitFor();
    server.feed.finding(finding('a'));
    await rows().first().waitFor();
    expect(await rows().first().innerText()).toContain('一小时内读取 52,310 行，平时约 410 行。');
    server.feed.finding(finding('a', { revision: 2, alert: false, count: 7 }));
    await rows().getByText('×7').waitFor();
    expect(await rows().count()).toBe(1);
  });

  it('says what a finding rests on, and shows the lines behind it', async () => {
    const cause = event({ raw: 'sshd[4711]: Failed password for root from 192.0.2.14', time: 1_800_000_000_000 });
    server.store.events = [cause];
    const raised = finding('a', { eventIds: [cause.id] });
    server.store.findings = [raised];
    server.feed.recall([raised]);
    await signIn('#/findings');
    await rows().first().getByRole('button').first().click();
    const why = page.locator('.why');
    await why.getByText(cause.raw).waitFor();
    const text = await why.innerText();
    for (const part of [
      '52,310 行',
      '410 行',
      '1,230 行',
      '1 小时',
      '本人历史',
      '21 个',
      '《数据安全法》第 29 条',
      'T1213',
      '看不到线下拷贝。',
    ])
      expect(text).toContain(part);
    expect(page.url()).toContain(`#/findings?open=${raised.id}`);
    await why.getByRole('button', { name: '复制', exact: true }).click();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(cause.raw);
  });

  it('shows an incident the moment it is known, and with a link to its page, and its findings, also those that left the feed', async () => {
    const older = finding('older', { detector: 'password-spray', causedAt: 1 });
    const newer = finding('newer', { causedAt: Date.now() });
    server.store.findings = [older];
    server.feed.recall([newer, finding('other', { causedAt: Date.now() })]);
    await signIn();
    await eventually(() => rows().count(), 2);
    server.feed.incident(incident([older, newer]));
    const shown = page.locator('[data-incident]');
    await shown.getByText('李维在密码喷洒之后批量读取。').waitFor();
    expect(await shown.innerText()).toMatch(/严重[\s\S]*2 步/);
    const { id } = incident([older, newer]);
    expect(await shown.getByRole('link').first().getAttribute('href')).toBe(`#/incident/${id}`);
    await page.goto(`${server.url}/#/findings?incident=${id}`);
    const ids = async (): Promise<unknown> =>
      Promise.all((await rows().all()).map((row) => row.getAttribute('data-finding')));
    await eventually(ids, [newer.id, older.id]);
    expect(page.url()).toContain('#/findings?incident=');
    await page.reload();
    await eventually(() => rows().count(), 2);
    await page.getByRole('button', { name: '清除筛选' }).click();
    await eventually(() => rows().count(), 3);
    expect(page.url()).not.toContain('incident');
  });

  it('speaks English when told to, and again after a reload', async () => {
    server.feed.recall([finding('a')]);
    await signIn('#/findings');
    await page.getByRole('button', { name: 'English' }).click();
    await rows().getByText('Read 52,310 rows in an hour; usually about 410.').waitFor();
    expect(await page.locator('body').innerText()).not.toMatch(/发现|日志源/);
    await page.reload();
    await page.getByRole('heading', { name: 'Findings', exact: true }).waitFor();
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByRole('heading', { name: '安全发现' }).waitFor();
  });

  it('survives a lost connection: says so, keeps what it has, and shows what it missed once', async () => {
    await speak();
    server.feed.recall([finding('before')]);
    await signIn('#/findings');
    await rows().first().waitFor();
    await server.pause();
    await page.getByText('与服务器的连接已断开').waitFor();
    expect(await rows().count()).toBe(1);
    server.feed.finding(finding('meanwhile', { causedAt: Date.now() }));
    server.feed.finding(finding('before', { revision: 2, alert: false, count: 9 }));
    await server.resume();
    await eventually(() => rows().count(), 2);
    await rows().getByText('×9').waitFor();
    await eventually(() => page.getByText('与服务器的连接已断开').count(), 0);
  });

  it('says when the programs behind it have fallen silent', async () => {
    await speak();
    await signIn();
    await status().getByText('运行正常').waitFor();
    await status().getByText('数据停滞').waitFor({ timeout: 15_000 });
    await page.getByText('采集与检测程序已停止上报').waitFor();
  });

  it('shows hostile content as text', async () => {
    const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script>{{ constructor }}';
    server.feed.recall([
      finding('a', {
        actor: hostile,
        asset: hostile,
        title: { zh: hostile, en: '' },
        explanation: { zh: hostile, en: '' },
      }),
    ]);
    server.feed.pulse(
      pulse(Date.now(), {
        sources: [{ source: hostile, events: 1, unparsed: 0, lastEventTime: 0, lagMs: 0 }],
        problems: [hostile],
      }),
    );
    await signIn();
    await page.locator('tbody th').getByText(hostile).waitFor();
    expect(await page.locator('main img, main script, aside img').count()).toBe(0);
    await page.goto(`${server.url}/#/findings`);
    await rows().first().getByRole('button').first().click();
    expect(await rows().first().innerText()).toContain(hostile);
    expect(await page.title()).toMatch(/ · (望楼|Wanglou)$/);
    expect(await page.locator('main img, main script, aside img').count()).toBe(0);
  });
});
