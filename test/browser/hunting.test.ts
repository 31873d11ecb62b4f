import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { event } from '../api/parts.ts';
import { openBrowser } from './chromium.ts';
import { startPage, type PageServer } from './page-server.ts';

/** The page of hunting: the real API over events in memory. */
let browser: { context: BrowserContext; close: () => Promise<void> };
let server: PageServer;
let page: Page;
/** What the page must never do: run into an error, break its own policy, lack a text. */
let offences: string[];

const EVENTS = 3_000;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  server = await startPage();
  const now = Date.now();
  server.store.events = Array.from({ length: EVENTS }, (_, n) =>
    event({
      ...{ id: `00000000-0000-8000-8000-${String(n).padStart(12, '0')}`, time: now - 60_000 - n * 20_000 },
      ...{ ingestTime: now - 60_000, actor: `actor-${n % 3}`, account: `actor-${n % 3}`, source: 'population-db' },
      ...{ asset: n % 2 ? 'families' : 'residents', action: 'read', outcome: n % 10 ? 'success' : 'failure', rows: n },
      ...{ message: `read ${n % 2 ? '户籍' : '居民'} row-${n}`, raw: `<134> mobile=13912345678 row-${n}` },
    }),
  );
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

async function signIn(language: 'zh' | 'en', hash = '#/hunting'): Promise<void> {
  await page.goto(await server.invitation());
  await page.locator('header nav').waitFor();
  await page.evaluate(`localStorage.setItem('wanglou.language', '${language}')`);
  await page.goto(`${server.url}/${hash}`);
  await page.reload();
  await page.locator('main.hunting, main.saved-page, main.sql-page').waitFor();
}

const total = () => expect.poll(() => page.locator('[data-state=done] [data-total]').textContent().catch(() => ''), { timeout: 15_000 }); // prettier-ignore
const rowAt = (n: number) => page.locator(`[data-row="${n}"]`);
const inAddress = (part: string) => expect.poll(() => decodeURIComponent(page.url())).toContain(part);

const WORDS = {
  zh: {
    field: '行为',
    take: '确定',
    pivot: '交叉表',
    save: '保存查询',
    name: '名称',
    clear: '清除筛选',
    failed: '失败',
  },
  en: { field: 'actor', take: 'Take it', pivot: 'Pivot', save: 'Save query', name: 'Name', clear: 'Clear filters', failed: 'failure' }, // prettier-ignore
} as const;

describe.each(['zh', 'en'] as const)('hunting, in %s', (language) => {
  const words = WORDS[language];

  it('makes a condition with the keyboard, from a value that is suggested, and has it in the address', async () => {
    await signIn(language);
    await total().toBe('3,000');
    await page.keyboard.press('c');
    await page.keyboard.type(words.field);
    await page.keyboard.press('Enter');
    await page.keyboard.type('or-1');
    await page.getByRole('option', { name: 'actor-1' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await total().toBe('1,000');
    await inAddress('"field":"actor","op":"is","value":"actor-1"');
    // Whoever is sent the address sees the same.
    await page.reload();
    await total().toBe('1,000');
    await page.getByRole('button', { name: words.clear }).first().click();
    await total().toBe('3,000');
  });

  it('opens an event down to its line, masked, and narrows by one of its values', async () => {
    await signIn(language);
    await page.locator('[data-event]').first().waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const panel = page.locator('aside.event');
    await panel.getByText('‹手机/mobile#').first().waitFor();
    await panel.locator('dd', { hasText: 'families' }).getByRole('button').first().click();
    await total().toBe('1,500');
    await page.keyboard.press('Escape');
    await expect.poll(() => panel.count()).toBe(0);
  });

  it('counts two fields against each other, and goes from a cell to its events', async () => {
    await signIn(language);
    await total().toBe('3,000');
    await page.getByRole('button', { name: words.pivot, exact: true }).click();
    await page.locator('.pivot tbody td button').first().click();
    await total().toBe('500');
    await page.locator('[data-event]').first().waitFor();
  });

  it('keeps a query with a parameter, which is asked for when it is opened', async () => {
    await signIn(language, `#/hunting?where=${encodeURIComponent('[{"field":"actor","op":"is","value":"{{who}}"}]')}`);
    await total().toBe('0');
    await page.getByRole('button', { name: `${words.save}…` }).click();
    await page.getByLabel(words.name, { exact: true }).fill('who did what');
    await page.keyboard.press('Enter');
    await page.locator('.notice').waitFor();
    await page.goto(`${server.url}/#/hunting/saved`);
    await page.getByRole('button', { name: 'who did what' }).first().click();
    await page.getByLabel('who', { exact: true }).fill('actor-2');
    await page.keyboard.press('Enter');
    await total().toBe('1,000');
  });
});

describe('the list', () => {
  it('has each row in its place, however far one scrolls, and only those on the screen in the document', async () => {
    await signIn('en', '#/hunting?columns=rows,time');
    await total().toBe('3,000');
    const numberAt = (n: number) => expect.poll(() => rowAt(n).locator('[role=cell]').first().textContent().catch(() => '')); // prettier-ignore
    await numberAt(0).toBe('0');
    await rowAt(0).focus();
    await page.keyboard.press('End');
    await numberAt(2_999).toBe('2,999');
    expect(await page.locator('[data-row]').count()).toBeLessThan(80);
    await page.evaluate(`document.querySelector('.scroller').scrollTop = 1500 * 28`);
    await numberAt(1_500).toBe('1,500');
    // Oldest first.
    await page.getByRole('columnheader').getByRole('button').click();
    await numberAt(0).toBe('2,999');
  });
});

describe('the histogram', () => {
  it('narrows to the time that is drawn over, or chosen with the keys', async () => {
    await signIn('zh');
    await total().toBe('3,000');
    const bars = (await page.locator('[data-histogram]').boundingBox())!;
    await page.mouse.move(bars.x + bars.width * 0.5, bars.y + 20);
    await page.mouse.down();
    await page.mouse.move(bars.x + bars.width * 0.9, bars.y + 20, { steps: 4 });
    await page.mouse.up();
    await inAddress('from=');
    await total().not.toMatch(/^(3,000|)$/);
    await page.locator('[data-histogram]').focus();
    const before = page.url();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).not.toBe(before);
  });
});

describe('what can not be answered', () => {
  it('is told: a field that there is not, and nothing found', async () => {
    await signIn('zh', `#/hunting?where=${encodeURIComponent('[{"field":"colour","op":"is","value":"x"}]')}`);
    await page.getByText('没有字段 "colour"').waitFor();
    await page.goto(`${server.url}/#/hunting?text=nowhere-at-all`);
    await page.getByText('没有符合条件的事件').waitFor();
  });

  it('is asked first when it would read very much, and runs when somebody says so', async () => {
    server.store.hunting.cost = async () => ({ parts: 900, rows: 250_000_000 });
    await signIn('zh');
    await page.getByText('250,000,000').waitFor();
    expect(await page.locator('[data-event]').count()).toBe(0);
    await page.getByRole('button', { name: '照此执行' }).click();
    await total().toBe('3,000');
  });

  it('can be cancelled while it runs', async () => {
    server.store.hunting.histogram = () => new Promise(() => undefined);
    await signIn('zh');
    await page.locator('[data-state=running]').waitFor();
    await page.getByRole('button', { name: '取消' }).click();
    await page.locator('[data-state=cancelled]').waitFor();
  });
});

describe('a menu', () => {
  const menu = () => page.locator('.export-menu form');

  it('opens and closes with the keys, and closes when one goes on elsewhere', async () => {
    await signIn('zh');
    await total().toBe('3,000');
    const button = page.locator('.export-menu summary');
    await button.press('Enter');
    await page.locator('.export-menu [data-rows]').waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(`document.activeElement.tagName`)).toBe('SELECT');
    await page.keyboard.press('Escape');
    await menu().waitFor({ state: 'hidden' });
    expect(await page.evaluate(`document.activeElement.tagName`)).toBe('SUMMARY');
    await button.click();
    await menu().waitFor();
    await page.locator('.count').click();
    await menu().waitFor({ state: 'hidden' });
    await button.click();
    await page.locator('.column-menu summary').focus();
    await menu().waitFor({ state: 'hidden' });
  });
});

describe('SQL', () => {
  const query = () => page.getByLabel('查询语句', { exact: true });
  const stateIs = (state: string) => page.locator(`[data-state=${state}]`).waitFor();

  it('completes words, says what a query is before it runs, and shows its rows, masked', async () => {
    await signIn('zh', '#/hunting/sql');
    await page.locator('.schema summary').first().waitFor();
    await query().fill('SELECT ');
    await query().pressSequentially('mess');
    await page.getByRole('option', { name: /^message/ }).waitFor();
    await page.keyboard.press('Tab');
    expect(await query().inputValue()).toBe('SELECT message');
    await page.keyboard.type(' FROM events');
    await page.getByText('可以运行，1 列').waitFor();
    await page.keyboard.press('Control+Enter');
    await stateIs('done');
    await page.locator('[data-row="0"]').getByText('‹手机/mobile#').waitFor();
    await expect.poll(() => page.locator('[data-row="0"] [role=cell]').nth(1).textContent()).toBe('7');
    // Whoever is sent the address has the query, and runs it or not.
    await page.reload();
    await expect.poll(() => query().inputValue()).toBe('SELECT message FROM events');
    await stateIs('idle');
  });

  it('says where a query is refused and why, in the language of the page, and leads there', async () => {
    await signIn('zh', '#/hunting/sql?sql=SELECT+file');
    await page.getByText('不允许 file（第 1 行第 8 列）').waitFor();
    await page.getByRole('button', { name: '第 1 行第 8 列' }).click();
    expect(await page.evaluate(`getSelection().toString()`)).toBe('file');
    // A link to another query, with this one on the page.
    await page.goto(`${server.url}/#/hunting/sql?sql=SELECT+message,+{who:String}+FROM+events&p.who=wu`);
    await expect.poll(() => query().inputValue()).toBe('SELECT message, {who:String} FROM events');
    expect(await page.getByLabel('who').inputValue()).toBe('wu');
    await page.getByText('可以运行，1 列').waitFor();
  });

  it('asks for the values of parameters, is followed while it runs, and ends when somebody says so', async () => {
    await signIn('zh', `#/hunting/sql?sql=${encodeURIComponent('SELECT endless, {who:String}')}`);
    await page.getByLabel('who').fill('li.wei');
    await inAddress('p.who=li.wei');
    await page.getByRole('button', { name: '查询', exact: true }).click();
    await stateIs('running');
    await page.getByRole('button', { name: '取消' }).click();
    await stateIs('cancelled');
  });
});

describe('other pages', () => {
  it('lead into hunting with a filter about what they show', async () => {
    await signIn('zh', '#/hunting');
    await page.goto(`${server.url}/#/actor/actor-1`);
    await page.getByRole('link', { name: '检索其事件' }).first().click();
    await page.locator('main.hunting').waitFor();
    await inAddress('"value":"actor-1"');
    await total().toBe('1,000');
  });
});
