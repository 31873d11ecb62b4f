import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { xlsxOf } from '../registry/import/xlsx.ts';
import { openBrowser } from './chromium.ts';
import { startPage, type PageServer } from './page-server.ts';

let server: PageServer;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let page: Page;
/** What the page must never do: run into an error, break its own policy, lack a text. */
let offences: string[];

beforeAll(async () => {
  [server, browser] = await Promise.all([startPage(), openBrowser()]);
  const first = browser.context.pages()[0]!;
  await first.goto(await server.invitation());
  await first.getByRole('link', { name: '登记', exact: true }).waitFor();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});
beforeEach(async () => {
  offences = [];
  page = await browser.context.newPage();
  page.on('pageerror', (error) => offences.push(error.message));
  page.on('console', (message) => {
    if (/content security policy|vue warn|intlify/i.test(message.text())) offences.push(message.text());
  });
});
afterEach(async () => {
  await page.close();
  expect(offences).toEqual([]);
});

async function open(hash: string, language: 'zh' | 'en' = 'zh'): Promise<void> {
  await page.goto(server.url);
  await page.evaluate(`localStorage.setItem('wanglou.language', '${language}')`);
  await page.goto(`${server.url}/${hash}`);
  await page.reload();
  await page.locator('main h2').first().waitFor();
}
const latest = (key: string) => server.registry.history.latest('departments', key)?.entries.at(-1);

async function createByKeyboard(name: string): Promise<void> {
  await page.keyboard.press('n');
  await page.getByRole('form').waitFor();
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
}

describe('the registry by keyboard', () => {
  it('creates, corrects and ends an entry, each after a look at what would change', async () => {
    await open('#/registry/departments');
    await createByKeyboard('aid');
    const refused = page.getByRole('group', { name: '名称' });
    await refused.getByText('不能为空').or(page.getByText('有内容需要改正')).first().waitFor();
    expect(latest('aid')).toBeUndefined();
    await page.getByLabel('中文').focus();
    await page.keyboard.type('民政局');
    await page.keyboard.press('Enter');
    await page.locator('.preview').getByText('新增').waitFor();
    expect(latest('aid')).toBeUndefined();
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: '已登记 aid' }).waitFor();
    expect(latest('aid')).toMatchObject({ id: 'aid', name: '民政局' });

    await page.getByRole('heading', { name: '民政局' }).waitFor();
    await page.keyboard.press('e');
    await page.getByLabel('英文').focus();
    await page.keyboard.type('Civil Affairs');
    await page.keyboard.press('Enter');
    await page.locator('.preview ins').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: '更正已保存' }).waitFor();
    expect(latest('aid')).toMatchObject({ name: { zh: '民政局', en: 'Civil Affairs' } });

    await page.getByRole('button', { name: '结束', exact: true }).press('Enter');
    await page.keyboard.press('Enter');
    await page.locator('.preview').getByText('结束', { exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: '已结束' }).waitFor();
    expect(latest('aid')).toHaveProperty('validTo');
    await page.getByRole('row').filter({ hasText: 'aid' }).getByText('已结束').waitFor();
    const history = page.locator('.history li');
    await expect.poll(() => history.locator('.tag').allInnerTexts()).toEqual(['结束', '更正', '新增']);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.url()).not.toContain('entry=');
  });

  it('does the same in English, and says when somebody else was faster', async () => {
    await server.registry.record([{ list: 'departments', key: 'tax', entries: [{ id: 'tax', name: 'Tax Bureau' }] }], {
      ...{ origin: 'api', by: 'wang' },
    });
    await open('#/registry/departments?entry=tax', 'en');
    await page.getByRole('heading', { name: 'Tax Bureau' }).waitFor();
    await page.keyboard.press('e');
    await page.getByLabel('English').focus();
    await page.keyboard.type('Mine');
    await server.registry.record([{ list: 'departments', key: 'tax', entries: [{ id: 'tax', name: 'Theirs' }] }], {
      ...{ origin: 'api', by: 'li' },
    });
    await page.keyboard.press('Enter');
    await page.getByText('Not saved: somebody else has just changed this entry').waitFor();
    expect(latest('tax')).toMatchObject({ name: 'Theirs' });
    await page.getByRole('button', { name: 'Load the latest version' }).click();
    await expect.poll(() => page.getByLabel('Chinese').inputValue()).toBe('Theirs');
    await page.getByLabel('English').fill('Ours');
    await page.keyboard.press('Enter');
    await page.locator('.preview ins').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: 'The correction is saved' }).waitFor();
    expect(latest('tax')).toMatchObject({ name: { zh: 'Theirs', en: 'Ours' } });
  });
});

describe('a table for the registry', () => {
  const choose = (name: string, buffer: Buffer): Promise<void> =>
    page.locator('input[type=file]').setInputFiles({ name, mimeType: '', buffer });

  it('with an error is refused with its line, and imported once it is right', async () => {
    await open('#/registry/import?list=vendors');
    await choose(
      'vendors.csv',
      Buffer.from('编号,名称,评估日期,评估结果\nqiming,启明,2026-13-01,通过\nyunhe,云合,,\n'),
    );
    await page.getByRole('button', { name: '试导入' }).click();
    const fault = page.locator('.faults tbody tr');
    await fault.first().waitFor();
    expect(await fault.allInnerTexts()).toEqual([expect.stringMatching(/2\s+评估日期\s+2026-13-01\s+没有这一天/)]);
    expect(await page.getByRole('button', { name: /正式导入/ }).count()).toBe(0);
    await choose(
      'vendors.csv',
      Buffer.from('编号,名称,评估日期,评估结果\nqiming,启明,2026-12-01,通过\nyunhe,云合,,\n'),
    );
    await page.getByRole('button', { name: '试导入' }).click();
    await page.getByText('试导入通过').waitFor();
    expect([...server.registry.history.all('vendors')]).toEqual([]);
    await page.getByRole('button', { name: '正式导入 2 处改动' }).click();
    await page.getByText('导入完成').waitFor();
    expect([...server.registry.history.all('vendors')].map(({ key }) => key)).toEqual(['qiming', 'yunhe']);
  });

  it('tells in English what is new, corrected and unchanged, also of a workbook', async () => {
    const rows = [['id', 'name'], ['qiming', 'Qiming'], ['yunhe', '云合'], ['new', 'New']]; // prettier-ignore
    await open('#/registry/import?list=vendors', 'en');
    await choose('suppliers.xlsx', xlsxOf(rows));
    await page.getByRole('button', { name: 'Try', exact: true }).click();
    const counts = page.locator('.counts');
    await counts.waitFor();
    expect((await counts.innerText()).replaceAll(/\s+/g, ' ')).toMatch(
      /new 1 corrected 1 ended 0 removed 0 unchanged 1 3 rows/,
    );
    await page.locator('del').getByText('启明').waitFor();
  });
});

it('shows the registry as it was known then, and lets nobody change that', async () => {
  await open('#/registry/departments?known=2020-01-01T00:00');
  await page.getByText('只能查看').waitFor();
  expect(await page.getByRole('button', { name: '新增' }).count()).toBe(0);
  await page.getByRole('button', { name: '回到现在' }).click();
  await page.getByRole('row').filter({ hasText: 'tax' }).waitFor();
});

it('offers no change to somebody who may not make one', async () => {
  await page.route('**/api/v1/registry-schema', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ json: { ...((await answer.json()) as object), mayChange: false } });
  });
  await open('#/registry/departments?entry=tax');
  await page.getByText('您的账号只能查看登记簿').waitFor();
  await page.getByRole('heading', { name: 'Theirs' }).waitFor();
  expect(await page.getByRole('button', { name: /新增|更正|结束/ }).count()).toBe(0);
});

it('leads from an entry to those that it names, and knows an address that has none', async () => {
  const system = { id: 'portal', name: '门户网站', department: 'tax' };
  await server.registry.record([{ list: 'systems', key: 'portal', entries: [system] }], { origin: 'api', by: 'wang' });
  await open('#/registry/systems?entry=portal');
  await page.locator('.entry dl').getByRole('link', { name: 'Theirs' }).click();
  await page.getByRole('heading', { name: 'Theirs' }).waitFor();
  await open('#/registry/nonsense?entry=nobody');
  await page.getByText('没有这个分类').waitFor();
  await page.getByText('没有这个条目').waitFor();
});
