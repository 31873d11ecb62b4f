import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually, type RunningWanglou } from '../integration/wanglou.ts';
import { openBrowser } from './chromium.ts';
import { buildPage } from './page-server.ts';
import { HOSTILE_ID, startSmallCity } from './small-city.ts';

/** The pages of actors, assets, vendors and departments, with the real programs behind them. */
let wanglou: RunningWanglou;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let url: string;
let page: Page;
/** What the page must never do: run into an error, break its own policy, lack a text. */
let offences: string[];

beforeAll(async () => {
  buildPage();
  [wanglou, browser] = await Promise.all([startSmallCity(), openBrowser()]);
  url = `http://127.0.0.1:${wanglou.ports.web}`;
  const first = browser.context.pages()[0]!;
  await first.goto(`${url}/#code=${wanglou.code}`);
  await first.getByRole('heading', { name: '安全发现' }).waitFor();
  await eventually(
    () => api<{ findings?: object[] }>('profiles/vendor/qiming/findings'),
    ({ findings = [] }) => findings.length > 0,
  );
});
afterAll(async () => {
  await browser.close();
  await wanglou.stop();
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
  expect(await page.title()).toMatch(/ · (望楼|Wanglou)$/);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  await page.evaluate(`localStorage.setItem('wanglou.language', 'zh')`);
  await page.close();
  expect(offences).toEqual([]);
});

async function api<T>(path: string): Promise<T> {
  const headers = { authorization: `Bearer ${wanglou.token('api')}` };
  return (await (await fetch(`${url}/api/v1/${path}`, { headers })).json()) as T;
}

const panel = (title: string): ReturnType<Page['locator']> =>
  page.locator('section.panel').filter({ has: page.getByRole('heading', { name: title, exact: true, level: 2 }) });
const question = (key: string): ReturnType<Page['locator']> => page.locator(`[data-question="${key}"]`);

async function inEnglish(): Promise<void> {
  await page.getByRole('button', { name: 'English' }).click();
  await expect.poll(() => page.locator('main').innerText()).not.toMatch(/相关发现|服务商|登记簿/);
}

describe('the page of an asset', () => {
  it('answers the five questions with their sources and holes, in both languages', async () => {
    await page.goto(`${url}/#/asset/families`);
    await question('may').getByText('1 个有效授信').waitFor();
    expect(await question('may').innerText()).toContain('市民热线中心');
    expect(await question('used').innerText()).toMatch(/没有授信却在使用：.*市税务局/);
    expect(await question('used').innerText()).toContain('未登记的日志源');
    expect(await question('purpose').innerText()).toMatch(/\d+ 个事件没有说明用途/);
    expect(await question('went').innerText()).toMatch(
      /次对外提供没有写明接收方[\s\S]*在边界之外[\s\S]*依据：共享台账/,
    );
    expect(await question('until').innerText()).toContain('g-17');
    await inEnglish();
    expect(await question('used').innerText()).toMatch(/use it without a grant, 1: .*Tax Bureau/);
    expect(await page.getByRole('heading', { name: 'Low-income families' }).count()).toBe(1);
  });

  it('draws where it went, with the boundary; the table says the same, and the keyboard chooses a holder', async () => {
    await page.goto(`${url}/#/asset/families`);
    const spread = panel('扩散范围');
    const holder = spread.getByRole('button', { name: /市卫健委/ });
    await holder.waitFor();
    expect(await spread.locator('svg .boundary').count()).toBe(1);
    const rows = spread.locator('tbody tr');
    expect(await rows.count()).toBe(5);
    expect(await rows.filter({ hasText: 'files.example' }).innerText()).toMatch(/边界之外[\s\S]*2[\s\S]*52,310/);
    await holder.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => rows.count()).toBe(1);
    expect(await rows.innerText()).toContain('市税务局');
    await page.keyboard.press('Space');
    await expect.poll(() => rows.count()).toBe(5);
  });

  it('shows how far it had spread on the day of the slider', async () => {
    await page.goto(`${url}/#/asset/families`);
    const spread = panel('扩散范围');
    await spread.locator('tbody tr').first().waitFor();
    await spread.getByRole('slider').fill('-10');
    await expect.poll(() => spread.locator('tbody tr').count()).toBe(2);
    await spread.getByRole('slider').fill('-300');
    await spread.getByText('没有扩散记录').waitFor();
  });

  it('shows the grants as they were on a day', async () => {
    await page.goto(`${url}/#/asset/families`);
    const grants = panel('授信');
    await grants.getByText('1 个有效，共 2 个').waitFor();
    expect(await grants.getByRole('row').filter({ hasText: '市税务局' }).innerText()).toContain('已到期');
    const past = new Date(Date.now() - 100 * 86_400_000).toISOString().slice(0, 10);
    await page.getByLabel('截至', { exact: true }).fill(past);
    await grants.getByText('2 个有效，共 2 个').waitFor();
    await page.getByRole('button', { name: '现在' }).click();
    await grants.getByText('1 个有效，共 2 个').waitFor();
  });
});

describe('the page of an actor', () => {
  it('shows who it is and when it does what, over a week or four, in both languages', async () => {
    await page.goto(`${url}/#/actor/li.na`);
    await page.getByRole('heading', { name: '李娜' }).waitFor();
    const activity = panel('做了什么');
    await activity.locator('tbody').first().waitFor();
    const days = activity.getByRole('table', { name: '按日期和小时的事件数' }).locator('tbody tr');
    expect(await days.count()).toBe(7);
    await activity.getByRole('button', { name: '28 天' }).click();
    await expect.poll(() => days.count()).toBe(28);
    expect(await activity.innerText()).toContain('Asia/Shanghai');
    await panel('相关发现').getByRole('link', { name: '口令暴力破解' }).waitFor();
    await inEnglish();
    await panel('What it did').getByText('Low-income families').waitFor();
  });

  it('is reached from a finding, and leads on to the asset and back', async () => {
    await page.goto(`${url}/#/findings`);
    const row = page.locator('li[data-finding]').filter({ hasText: '数据流向' });
    await row.locator('.row').click();
    await row.locator('.why').getByRole('link', { name: 'zhao.lei' }).click();
    await page.getByRole('heading', { name: '赵磊' }).waitFor();
    await panel('做了什么').getByRole('link', { name: '低收入家庭信息' }).first().click();
    await page.getByRole('heading', { name: '低收入家庭信息' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: '赵磊' }).waitFor();
  });

  it('shows names that were made to do harm as text, and stays in its frame', async () => {
    await page.goto(`${url}/#/actor/${encodeURIComponent(HOSTILE_ID)}`);
    await page.getByRole('heading', { name: '<img src=x onerror' }).waitFor();
    await panel('做了什么').getByText('低收入家庭信息').waitFor();
    await page.goto(`${url}/#/asset/families`);
    await panel('扩散范围').locator('tbody tr').first().waitFor();
    expect(await page.locator('main img, main script').count()).toBe(0);
    await page.goto(`${url}/#/department/aid`);
    await panel('人员').getByText('<img src=x').waitFor();
    expect((await panel('人员').boundingBox())?.height).toBeLessThan(200);
    await page.goto(`${url}/#/asset/families`);
    await question('went').waitFor();
    expect(await page.evaluate('document.querySelector("main").scrollWidth <= innerWidth')).toBe(true);
    expect((await question('went').boundingBox())?.height).toBeLessThan(400);
  });
});

describe('vendors', () => {
  it('are listed by risk, and each leads to its scorecard, in both languages', async () => {
    await page.goto(`${url}/`);
    await page.getByRole('link', { name: '服务商', exact: true }).click();
    const rows = page.locator('tr[data-vendor]');
    await rows.first().waitFor();
    expect(await rows.first().getAttribute('data-vendor')).toBe('qiming');
    expect(await rows.nth(1).innerText()).toContain('没有履行中的合同');
    await page.getByRole('searchbox').fill('云合');
    expect(await rows.count()).toBe(1);
    await page.getByRole('searchbox').fill('');
    await page.getByRole('link', { name: '启明软件' }).click();
    const contract = page.locator('[data-contract="qm-2026"]');
    await contract.getByText('超出范围：').waitFor();
    expect(await contract.innerText()).toMatch(
      /超出范围：.*公积金系统[\s\S]*都在名单内[\s\S]*其他地址：.*198\.51\.100\.4/,
    );
    const risk = panel('风险');
    await risk.getByText('从未评估').waitFor();
    expect(await risk.innerText()).toMatch(/从未评估 \(\+10\)[\s\S]*承建商超出合同范围/);
    await inEnglish();
    expect(await contract.innerText()).toMatch(/out of scope: .*Housing Fund/);
    expect(await panel('Risk').innerText()).toContain('it was never assessed');
  });
});

describe('the page of a department', () => {
  it('shows its people, assets, and the grants it gave and got, in both languages', async () => {
    await page.goto(`${url}/#/department/aid`);
    await panel('人员').getByRole('link', { name: 'li.na' }).waitFor();
    await panel('数据资产').getByRole('link', { name: '低收入家庭信息' }).waitFor();
    expect(await panel('对外授信').innerText()).toMatch(/市民热线中心[\s\S]*数授〔2026〕17号/);
    expect(await panel('获得的授信').innerText()).toContain('没有授信');
    await inEnglish();
    await panel('Grants given').getByText('Citizen Hotline').waitFor();
  });
});

describe('a page that can not be shown', () => {
  it('says that nobody knows the name, and where to go on', async () => {
    for (const address of ['asset/nothing', 'vendor/%E0%A4%A', `actor/${'x'.repeat(300)}`]) {
      await page.goto(`${url}/#/${address}`);
      await page.getByRole('alert').getByText('没有找到这个').waitFor();
    }
    await page.getByRole('alert').getByRole('link', { name: '返回态势' }).click();
    await page.getByRole('heading', { name: '安全发现' }).waitFor();
  });

  it('says what went wrong, and shows everything when it is asked again', async () => {
    await page.route('**/api/v1/profiles/department/aid', (route) =>
      route.fulfill({ status: 503, json: { code: 'WL_STORE_AWAY', message: 'away', remedy: '' } }),
    );
    await page.goto(`${url}/#/department/aid`);
    const alert = page.getByRole('alert');
    await alert.getByText('存储暂时不可用').waitFor();
    await page.unroute('**/api/v1/profiles/department/aid');
    await alert.getByRole('button', { name: '重试' }).click();
    await page.getByRole('heading', { name: '市民政局' }).waitFor();
  });
});
