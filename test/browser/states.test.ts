import type { BrowserContext, Page, WebSocketRoute } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { finding } from '../feed/samples.ts';
import { openBrowser } from './chromium.ts';
import { startPage, type PageServer } from './page-server.ts';
import { VIEWS, visit, type Subjects } from './views.ts';

/** What the page says and does when something around it is not as it should be. */
let browser: { context: BrowserContext; close: () => Promise<void> };
let server: PageServer;
let page: Page;

const OF: Subjects = {
  ...{ finding: finding('a').id, incident: finding('b').id, actor: 'li.na', asset: 'families', vendor: 'qiming' },
  ...{ department: 'aid', source: 'portal', detector: 'bulk-read', report: finding('c').id },
};

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  server = await startPage();
  page = await browser.context.newPage();
});
afterEach(async () => {
  await browser.context.setOffline(false);
  await page.evaluate(() => localStorage.clear()).catch(() => undefined);
  await page.close();
  await browser.context.clearCookies();
  await server.stop();
});

const heading = (name: string) => page.getByRole('heading', { name, exact: true });
const banner = (text: string | RegExp) => page.locator('.banner').getByText(text);
const inEnglish = () => page.getByRole('button', { name: 'English' }).click();

async function signIn(hash = ''): Promise<void> {
  await page.goto(await server.invitation());
  await page.locator('header nav').waitFor();
  if (hash !== '') await page.goto(`${server.url}/${hash}`);
}

describe('a message of the feed that can not be read', () => {
  it('is said and not taken in; what is known stays, and everything is read anew', async () => {
    const sockets: WebSocketRoute[] = [];
    await page.routeWebSocket('**/feed*', (socket) => {
      sockets.push(socket);
      socket.connectToServer();
    });
    server.feed.recall([finding('a')]);
    await signIn('#/findings');
    await page.locator('li[data-finding]').waitFor();
    const bad = { ...finding('b'), severity: 'urgent', raisedAt: 1 };
    const batch = { type: 'batch', epoch: 'e', after: 0, n: 1, now: Date.now(), rates: [], sources: [] };
    sockets.at(-1)!.send(JSON.stringify({ ...batch, findings: [bad] }));
    await banner('收到无法识别的实时数据（findings.0.severity），没有采用').waitFor();
    expect(await page.locator('li[data-finding]').count()).toBe(1);
    server.feed.finding(finding('c'));
    await banner('曾有 1 条实时数据无法识别，已重新读取全部数据').waitFor();
    expect(await page.locator('li[data-finding]').count()).toBe(2);
    expect(sockets).toHaveLength(2);
    await inEnglish();
    await banner('1 live messages could not be read; everything has been read anew').waitFor();
  });
});

describe('a session that ends', () => {
  it.each([
    ['typed', async () => page.getByLabel('一次性登录码').fill(await server.access.drawCode())],
    ['pasted as an address', async () => page.goto(await server.invitation())],
  ])('leads to signing in and back to the same address, with a code that is %s', async (how, give) => {
    await signIn('#/detectors/suppressions');
    await heading('抑制').waitFor();
    await browser.context.clearCookies();
    await page.goto(`${server.url}/#/department/aid`);
    await page.getByRole('alert').getByText('登录已失效').waitFor();
    await give();
    if (how === 'typed') await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByRole('button', { name: '退出登录' }).waitFor();
    expect(page.url()).toBe(`${server.url}/#/department/aid`);
    await page.locator('main.profile').waitFor();
  });
});

/** Views whose questions to the API are beside the point: what they show comes from the feed, or from nowhere. */
const LIVE = ['home', 'findings', 'access', 'wall', 'no-such-page'];
const ASKING = VIEWS.filter(({ name }) => !LIVE.includes(name));
const SOME = ASKING.filter(({ name }) => ['finding', 'vendors', 'registry'].includes(name));

describe.each([
  { status: 503, code: 'WL_STORE_AWAY', says: '存储暂时不可用', views: ASKING },
  { status: 403, code: 'WL_FORBIDDEN', says: '没有权限', views: SOME },
  { status: 0, code: 'no answer', says: '无法连接服务器', views: SOME },
])('$code', ({ status, code, says, views }) => {
  it('is said on pages that ask, which ask again when they are told to', async () => {
    await signIn();
    for (const view of views) {
      await page.route('**/api/v1/**', (route) =>
        status === 0 ? route.abort() : route.fulfill({ status, json: { code, message: 'no' } }),
      );
      await visit(page, { ...view, loaded: 'main' }, OF);
      const fault = page.getByRole('alert').filter({ hasText: says });
      await fault.first().waitFor();
      await page.unroute('**/api/v1/**');
      // Parts of a page fail, and are asked again, each by itself.
      for (const button of (await fault.getByRole('button').all()).reverse()) await button.click();
      await expect.poll(() => fault.count(), { message: view.name, timeout: 15_000 }).toBe(0);
    }
  });
});

describe('a page that is not there', () => {
  it('is called so, with where one can go, in both languages', async () => {
    await signIn('#/nonsense');
    await heading('没有这个页面').waitFor();
    expect(await page.locator('main').innerText()).toContain('#/nonsense');
    expect(await page.title()).toBe('没有这个页面 · 望楼');
    expect(await page.locator('header nav [aria-current]').count()).toBe(0);
    await inEnglish();
    await heading('There is no such page').waitFor();
    await page.locator('main').getByRole('link', { name: 'Findings' }).click();
    await expect.poll(() => page.title()).toBe('Findings · Wanglou');
  });

  it('waits for a program that is slow, says when it does not come, and tries again', async () => {
    await page.route('**/assets/VendorsPage*.js', (route) => setTimeout(() => void route.abort(), 1_000));
    await signIn('#/vendors');
    await page.getByRole('status').getByText('正在载入页面…').waitFor();
    await heading('页面没有载入').waitFor();
    await page.unroute('**/assets/VendorsPage*.js');
    await page.getByRole('button', { name: '重试' }).click();
    await heading('服务商').waitFor();
  });

  it('says that it broke on an answer that nobody expected, and the other pages go on', async () => {
    await page.route('**/api/v1/vendors*', (route) => route.fulfill({ json: { vendors: [null] } }));
    await signIn('#/vendors');
    await heading('页面显示出错').waitFor();
    await inEnglish();
    await heading('The page could not be shown').waitFor();
    await page.locator('header').getByRole('link', { name: 'Findings' }).click();
    await page.locator('main.findings').waitFor();
  });
});

describe('the clock of the computer', () => {
  it.each([
    [-3, '本机时钟比服务器慢 3 小时', '3 h behind the server'],
    [5, '本机时钟比服务器快 5 小时', '5 h ahead of the server'],
  ])('wrong by %i hours is said, and times are those of the server', async (hours, zh, en) => {
    await page.clock.install({ time: Date.now() + hours * 3_600_000 });
    await signIn();
    await banner(zh).waitFor();
    const time = new Intl.DateTimeFormat('zh-CN', { hour: '2-digit', hourCycle: 'h23', timeZone: 'Asia/Shanghai' });
    const shown = await page.locator('header time').innerText();
    const hour = (ago: number): string => time.format(Date.now() - ago).slice(0, 2);
    expect([hour(0), hour(60_000)]).toContain(shown.slice(0, 2));
    await inEnglish();
    await banner(en).waitFor();
  });
});

describe('the network', () => {
  it('that is gone is said as such, and the page goes on by itself when it is back', async () => {
    await signIn();
    await page.getByRole('status').getByText('实时').waitFor();
    await server.pause();
    await browser.context.setOffline(true);
    await banner('本机没有网络连接').waitFor();
    await server.resume();
    await browser.context.setOffline(false);
    await page.getByRole('status').getByText('实时').waitFor();
    expect(await page.locator('.banner .bad').count()).toBe(0);
  });

  it('that does not lead to the server at the start is said, and tried again by itself', async () => {
    let asked = 0;
    await page.route('**/api/v1/me', async (route) => {
      if (asked++ > 0) return route.continue();
      await new Promise((resume) => setTimeout(resume, 1_000));
      return route.abort();
    });
    await page.goto(server.url, { waitUntil: 'commit' });
    await page.getByRole('status').getByText('正在连接服务器…').waitFor();
    await heading('无法打开望楼').waitFor();
    await page.getByRole('alert').getByText('无法连接服务器').waitFor();
    await heading('登录望楼').waitFor();
  });
});
