import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lifeEventOf } from '../../src/finding/lifecycle.ts';
import { finding, incident } from '../feed/samples.ts';
import { openBrowser } from './chromium.ts';
import { startPage, type PageServer } from './page-server.ts';

/** The queue that operators work from: the real API and feed over a store in memory. */
let browser: { context: BrowserContext; close: () => Promise<void> };
let server: PageServer;
let page: Page;
/** What the page must never do: run into an error, break its own policy, lack a text. */
let offences: string[];

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  server = await startPage();
  offences = [];
  page = await open();
});
afterEach(async () => {
  for (const one of browser.context.pages().slice(1)) await one.close();
  await browser.context.clearCookies();
  await server.stop();
  expect(offences).toEqual([]);
});

async function open(): Promise<Page> {
  const opened = await browser.context.newPage();
  opened.on('pageerror', (error) => offences.push(error.message));
  opened.on('console', (message) => {
    if (/content security policy|vue warn|intlify/i.test(message.text())) offences.push(message.text());
  });
  return opened;
}

const ago = (ms: number): number => Date.now() - 60_000 - ms;
const keep = (count: number): void => {
  server.store.findings = Array.from({ length: count }, (_, n) =>
    finding(`f${n}`, {
      causedAt: ago(n * 1_000),
      severity: n % 2 ? 'low' : 'critical',
      actor: `actor-${n}`,
      vendor: n % 4 === 0 ? 'qiming' : '',
    }),
  );
  server.store.lives = server.store.findings.map(lifeEventOf);
};

async function signIn(hash = '#/findings', language: 'zh' | 'en' = 'zh'): Promise<void> {
  await page.goto(await server.invitation());
  await page.getByRole('button', { name: language === 'zh' ? '退出登录' : /Sign out|退出登录/ }).waitFor();
  await page.evaluate(
    `localStorage.setItem('wanglou.language', '${language}'); localStorage.removeItem('wanglou.filters')`,
  );
  await page.goto(`${server.url}/${hash}`);
  await page.reload();
  await rows().first().waitFor();
}

const rows = (on: Page = page): ReturnType<Page['locator']> => on.locator('li[data-finding]');
const row = (name: string, on: Page = page): ReturnType<Page['locator']> =>
  on.locator(`[data-finding="${finding(name).id}"]`);
const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};
const total = (count: string): Promise<void> => page.getByText(`${count} 条 · 最新在前`).waitFor();
/** Where the keys are. */
const focused = (): Promise<unknown> => page.evaluate(`document.activeElement?.closest('li')?.dataset.finding`);
const actsOn = async (name: string): Promise<[string, string][]> =>
  (await server.triage.history(finding(name).id)).events.map(({ act, text }) => [act, text]);

describe('the queue', () => {
  it('is narrowed by what the address says, over all that was ever found, and says what makes no sense', async () => {
    keep(40);
    server.feed.recall(server.store.findings);
    await signIn('#/');
    await page.getByRole('link', { name: /^严重/ }).first().click();
    await total('20');
    await press('/');
    await page.keyboard.type('actor-12');
    await total('1');
    await expect.poll(() => page.url()).toContain('#/findings?severity=critical&q=actor-12');
    await page.reload();
    await total('1');
    await page.getByRole('button', { name: '清除筛选' }).click();
    await total('40');
    await page.goto(`${server.url}/#/findings?severity=loud,low&colour=red&vendor=@any&time=yesterday`);
    await page.getByText('无法识别 severity=loud，已忽略').waitFor();
    await page.getByText('无法识别 colour=red，已忽略').waitFor();
    await page.getByText('无法识别 time=yesterday，已忽略').waitFor();
    await page.getByText('没有符合筛选条件的发现').waitFor();
    await page.getByRole('button', { name: /^低 10|^低 0/ }).click();
    await total('10');
    await page.getByRole('button', { name: '去掉条件：服务商 任意' }).click();
    await total('40');
  });

  it('has filters ready, and keeps those that were named', async () => {
    keep(8);
    await signIn();
    await page.getByText('常用筛选').click();
    await page.getByRole('button', { name: '涉及服务商，未关闭' }).click();
    await total('2');
    await page.getByText('常用筛选').click();
    await page.getByLabel('为当前筛选命名').fill('启明');
    await page.getByRole('button', { name: '保存', exact: true }).click();
    await press('Escape');
    await page.getByRole('button', { name: '清除筛选' }).click();
    await total('8');
    await page.reload();
    await page.getByText('常用筛选').click();
    await page.getByRole('button', { name: '启明', exact: true }).click();
    await total('2');
    await page.getByText('常用筛选').click();
    await page.getByRole('button', { name: '删除筛选 启明' }).click();
    expect(await page.evaluate(`localStorage.getItem('wanglou.filters')`)).toBe('[]');
  });

  it('groups with counts, and shows the findings of a group that is opened', async () => {
    keep(12);
    const joined = incident([server.store.findings[0]!, server.store.findings[1]!]);
    server.store.incidents = [joined];
    await page.goto(server.url);
    await signIn('#/findings');
    await page.getByLabel('分组').selectOption({ label: '按服务商' });
    const heads = page.locator('li[data-group]');
    await expect
      .poll(async () => (await heads.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ')))
      .toEqual([expect.stringMatching(/严重 无 9 条/), expect.stringMatching(/严重 qiming 3 条/)]);
    await press('j', 'j', 'o');
    await expect.poll(() => rows().count()).toBe(3);
    expect(page.url()).toContain('group=vendor');
    await press('j', 'x', 'k', 'o');
    await expect.poll(() => rows().count()).toBe(0);
    await page.getByLabel('分组').selectOption({ label: '按安全事件' });
    await heads.filter({ hasText: joined.title.zh }).getByText('2 条').waitFor();
  });

  it('does not move under somebody who reads: new findings wait until they are asked for', async () => {
    keep(40);
    server.feed.recall(server.store.findings);
    await signIn();
    await press('j', 'Enter');
    await page.locator('.why').waitFor();
    const before = await rows().first().getAttribute('data-finding');
    server.feed.finding(finding('new', { causedAt: Date.now() }));
    const waiting = page.getByRole('button', { name: '1 条新发现' });
    await waiting.waitFor();
    expect(await rows().first().getAttribute('data-finding')).toBe(before);
    server.feed.finding(finding('f0', { revision: 2, alert: false, count: 7, causedAt: Date.now() }));
    await row('f0').getByText('×7').waitFor();
    await waiting.click();
    await expect.poll(() => rows().first().getAttribute('data-finding')).toBe(finding('new').id);
  });

  it('has a name for every control, and lists its keys', async () => {
    keep(40);
    await signIn();
    await page.getByRole('button', { name: '更多条件' }).click();
    const nameless = await page.evaluate(`
      [...document.querySelectorAll('button, input, select, a, [role=img]')]
        .filter((one) => !(one.ariaLabel || one.textContent.trim() || one.labels?.length))
        .map((one) => one.outerHTML)`);
    expect(nameless).toEqual([]);
    await page.locator('h2').first().focus();
    await press('?');
    const help = page.getByRole('dialog', { name: '键盘操作' });
    await help.getByText('撤销刚才的处置').waitFor();
    await press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await page.getByRole('link', { name: '态势', exact: true }).click();
    await press('?');
    expect(await help.innerText()).not.toContain('撤销');
  });
});

describe('a hundred thousand findings', () => {
  it('scroll to the middle and to the end, and are walked with keys, with few of them in the document', async () => {
    keep(100_000);
    server.store.lives = [];
    // The store in memory looks for them one by one otherwise.
    const byId = new Map(server.store.findings.map((one) => [one.id, one]));
    server.store.lifeEvents = async (ids) => ids.map((id) => lifeEventOf(byId.get(id)!));
    await signIn();
    await total('100,000');
    // Their number may be known before their places are.
    await page.locator('li[aria-setsize="100000"]').first().waitFor();
    const nodes = (): Promise<number> => page.evaluate(`document.querySelectorAll('main li').length`);
    const scrollTo = (share: number): Promise<unknown> =>
      page.evaluate(
        `{ const box = document.querySelector('main ol').parentElement; box.scrollTop = box.scrollHeight * ${share} }`,
      );
    await scrollTo(0.5);
    await page.getByText('actor-50000', { exact: true }).waitFor();
    expect(await nodes()).toBeLessThan(60);
    await scrollTo(1);
    await page.getByText('actor-99999', { exact: true }).waitFor();
    expect(await nodes()).toBeLessThan(60);
    await row('f99995').getByRole('checkbox').click();
    await press('k', 'k');
    await expect.poll(focused).toBe(finding('f99993').id);
    await press('x', 'Escape');
    await press(...Array.from({ length: 30 }, () => 'k'));
    await expect.poll(focused).toBe(finding('f99963').id);
    await press('o');
    await row('f99963').locator('.why').waitFor();
    await press(...Array.from({ length: 25 }, () => 'j'));
    await row('f99988').locator('.why').waitFor();
    await expect.poll(focused).toBe(finding('f99988').id);
    expect(await page.locator('.why').count()).toBe(1);
    expect(await nodes()).toBeLessThan(60);
  });
});

describe('triage by keyboard alone', () => {
  const words = {
    zh: { closed: '已关闭：误报', done: '已关闭 1 条', reopened: '已撤销，1 条恢复原状' },
    en: { closed: 'Closed: false positive', done: '1 closed', reopened: 'Undone: 1 as before' },
  } as const;

  it.each(['zh', 'en'] as const)(
    'takes a finding from the queue to closed with a disposition, and back: %s',
    async (language) => {
      keep(5);
      await signIn('#/findings', language);
      await press('j', 'j', 'a');
      await expect.poll(async () => (await actsOn('f1')).map(([act]) => act)).toEqual(['raised', 'acknowledged']);
      await press('e', 'Enter');
      await expect.poll(async () => (await actsOn('f1')).length).toBe(3);
      await press('c', '3');
      await page.keyboard.type('month-end');
      await press('Enter');
      await page.getByText(words[language].done).waitFor();
      expect((await row('f1').innerText()).toLowerCase()).toContain(words[language].closed.toLowerCase());
      expect((await server.triage.history(finding('f1').id)).state).toMatchObject({
        status: 'closed',
        disposition: 'false-positive',
        reason: 'month-end',
        assignee: expect.stringMatching(/./) as string,
      });
      await press('u');
      await page.getByText(words[language].reopened).waitFor();
      expect((await server.triage.history(finding('f1').id)).state).toMatchObject({
        status: 'acknowledged',
        disposition: '',
      });
      await press('j', 'n');
      await page.keyboard.type('called the bureau');
      await press('Enter');
      await expect.poll(() => actsOn('f2')).toContainEqual(['note', 'called the bureau']);
      await press('s');
      await row('f2').locator('form').waitFor();
    },
  );

  it('decides on many at once, names those that were refused, and takes the others back', async () => {
    keep(5);
    await signIn();
    await server.triage.act(finding('f1').id, { act: 'acknowledged' }, 'wang');
    await press('j', 'x', 'J', 'J');
    await page.getByText('已选 3 条').waitFor();
    await press('*');
    await page.getByText('已选 5 条').waitFor();
    await press('a');
    await page.getByText('已确认 4 条').waitFor();
    await page.getByText('有 1 条没有处置').waitFor();
    await page.getByText(/现为“已确认”，由 wang 于/).waitFor();
    await server.triage.act(finding('f0').id, { act: 'note', text: 'mine' }, 'wang');
    await press('u');
    await page.getByText('已撤销，3 条恢复原状').waitFor();
    await page.getByText('有 1 条没有撤销').waitFor();
    await page.getByRole('button', { name: '已确认 2' }).waitFor();
    expect((await actsOn('f4')).map(([act]) => act)).toEqual(['raised', 'acknowledged', 'undone']);
  });
});

describe('two operators on one queue', () => {
  it('see what the other does while it happens, on findings of the feed and on old ones', async () => {
    keep(3);
    const old = finding('old', { causedAt: ago(400 * 86_400_000) });
    server.feed.recall(server.store.findings);
    server.store.findings.push(old);
    server.store.lives.push(lifeEventOf(old));
    await signIn();
    const colleague = await open();
    await colleague.goto(`${server.url}/#/findings`);
    await rows(colleague).first().waitFor();
    const told = async (name: string, act: Parameters<typeof server.triage.act>[1], by: string): Promise<void> => {
      const { events } = await server.triage.act(finding(name).id, act, by);
      server.feed.life(events);
    };
    await press('j', 'x');
    await told('f1', { act: 'acknowledged' }, 'wang');
    for (const on of [page, colleague]) await row('f1', on).getByText('wang').waitFor();
    await told('f1', { act: 'assigned', assignee: 'zhao' }, 'wang');
    await row('f1', colleague).getByText('zhao').waitFor();
    await press('Escape', 'j', 'j', 'j', 'a');
    await row('old').getByText('已确认').waitFor();
    await row('old', colleague).getByText('已确认').waitFor();
  });
});
