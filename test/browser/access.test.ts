import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SignOn } from '../../src/access/sign-on.ts';
import { checkRetention } from '../../src/retention.ts';
import { PASSWORD, type SmallTown } from '../access/people-samples.ts';
import { CLIENT, RealProvider } from '../access/real-provider.ts';
import { TownServer } from '../api/town-server.ts';
import { openBrowser } from './chromium.ts';
import { buildPage } from './page-server.ts';
import { PretendForecasts } from './pretend-forecasts.ts';

/** Accounts at the page, from the activation address to a role that somebody else has granted. */
const provider = new RealProvider([{ subject: 'u-1', name: '2048' }]);
let server: TownServer;
let town: SmallTown;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let page: Page;
let offences: string[];

beforeAll(async () => {
  buildPage();
  await provider.listen();
  const signOn = new SignOn({
    ...{ label: 'Intranet', issuer: provider.issuer, clientId: CLIENT.id, clientSecret: CLIENT.secret },
    ...{ scopes: 'openid profile', personClaim: 'preferred_username', secondFactor: ['mfa'], key: 'k'.repeat(32) },
  });
  server = await TownServer.start({ signOn, forecasts: new PretendForecasts() }, resolve('dashboards/dist'));
  provider.start([`${server.origin}/`]);
  town = server.town;
  town.now = Date.now();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  await provider.stop();
});

beforeEach(async () => {
  offences = [];
  page = await browser.context.newPage();
  page.on('pageerror', (error) => offences.push(error.message));
  page.on('console', (message) => {
    if (/content security policy|vue warn|intlify/i.test(message.text())) offences.push(message.text());
  });
  await browser.context.clearCookies();
});
afterEach(async () => {
  await page.close();
  expect(offences).toEqual([]);
});

const url = (hash: string): string => `${server.origin}/${hash}`;
const field = (label: string) => page.getByLabel(label, { exact: false }).first();

/** From an address with an activation code to the page behind it. */
async function activate(hash: string, account: string, person?: string): Promise<void> {
  await page.goto(url(hash));
  town.apps.set(account, await page.locator('code').innerText());
  await page.getByRole('img', { name: '身份验证器二维码' }).waitFor();
  if (person !== undefined) await field('使用人').fill(person);
  await field('动态码').fill(town.code(account));
  await field('新密码').fill(PASSWORD);
  await field('再输入一次新密码').fill(PASSWORD);
  await page.getByRole('button', { name: '激活并登录', exact: true }).click();
  await page.getByRole('heading', { name: '我的账号' }).waitFor();
  town.now += 30_000;
}

async function signIn(account: string): Promise<void> {
  await page.goto(url(''));
  await field('账号').fill(account);
  await field('密码').fill(PASSWORD);
  await field('动态码').fill(town.code(account));
  await page.getByRole('button', { name: '登录', exact: true }).click();
  town.now += 30_000;
}

const founderHash = (role: Parameters<SmallTown['founder']>[0]): string =>
  `#account=${role}&activation=${town.founder(role).code}`;

describe('accounts at the page', () => {
  it('are activated, created, given a role by another, and then see what the role may see', async () => {
    await activate(founderHash('system-administrator'), 'system-administrator', 'Zhao');
    expect(page.url()).not.toContain('activation');
    await field('账号').fill('li.wei');
    await page.getByLabel('使用人').fill('李维 1024');
    await page.getByRole('button', { name: '创建账号' }).click();
    const address = await page.locator('section[role=status] code').innerText();
    await activate(address.slice(address.indexOf('#')), 'li.wei');
    expect(await page.getByText('没有角色').count()).toBeGreaterThan(0);

    await activate(founderHash('security-administrator'), 'security-administrator', 'Qian');
    const row = page.locator('[data-account="li.wei"]');
    await row.getByRole('combobox').selectOption('operator');
    await row.getByRole('button', { name: '授予', exact: true }).click();
    await row.getByRole('button', { name: '撤销' }).waitFor();
    await row.getByRole('combobox').selectOption('audit-administrator');
    await row.getByRole('button', { name: '授予', exact: true }).click();
    await page.getByText('三员分立：同一个人担任管理员后不能再有其他角色').waitFor();

    await browser.context.clearCookies();
    await signIn('li.wei');
    await page.getByRole('link', { name: 'li.wei' }).click();
    await page.getByText('安全运营员').waitFor();
    expect(await page.getByText('试用模式').count()).toBe(0);
  });

  it('let the audit administrator into the audit trail, with what was looked for in the address', async () => {
    await activate(founderHash('audit-administrator'), 'audit-administrator', 'Sun');
    await page.getByRole('link', { name: '审计' }).click();
    const rows = page.locator('tr[data-audit]');
    await rows.first().waitFor();
    await page.getByLabel('操作').selectOption({ label: '激活账号' });
    await expect.poll(() => page.url()).toContain('action=account.activate');
    await rows.first().getByRole('button').click();
    await page.getByText('记录编号').waitFor();
    await page.getByRole('button', { name: '设置保全' }).press('Enter');
    await page.keyboard.type('纪检〔2026〕17 号');
    await page.getByLabel('起（').last().fill('2026-01-01T00:00');
    await page.getByLabel('止（').last().fill('2026-02-01T00:00');
    await page.getByLabel('账号或人员编号').fill('li.na，qm-wu');
    await page.getByLabel('理由').fill('调查期间保全证据');
    await page.keyboard.press('Enter');
    const hold = page.locator('[data-hold="open"]');
    await hold.getByText('li.na、qm-wu').waitFor();
    await hold.getByRole('button', { name: '申请解除' }).press('Enter');
    await hold.getByLabel('理由').fill('案件已结');
    await page.keyboard.press('Enter');
    await page.locator('[data-hold="released"]').getByText('audit-administrator 申请解除：案件已结').waitFor();
    await page.getByRole('link', { name: '接入令牌' }).click();
    await page.getByRole('heading', { name: '接入令牌' }).waitFor();
    expect(await page.getByRole('button', { name: '新建令牌' }).count()).toBe(0);
  });

  it('have an administrator agree before anything is kept for less time', async () => {
    await town.desk.wantRetention(checkRetention({ retentionDays: 400 }));
    await town.desk.wantRetention(checkRetention({ retentionDays: 200, recordRetentionDays: 1_100 }));
    await signIn('audit-administrator');
    await page.getByRole('link', { name: 'audit-administrator' }).click();
    const request = page.getByRole('listitem').filter({ hasText: '缩短留存期' });
    const text = await request.innerText();
    expect(text).toContain('缩短留存期：事件由 400 天改为 200 天、发现与处置记录由 1826 天改为 1100 天');
    expect(text).toContain('系统配置');
    await request.getByRole('button', { name: '同意' }).press('Enter');
    await request.getByText('已同意').waitFor();
    expect(town.book.people.retention?.retentionDays).toBe(200);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByText('Keep less: events 200 days instead of 400, findings and records 1100 days').waitFor();
    await page.getByRole('button', { name: '中文' }).click();
  });

  it('say why a sign-in is refused to who has the right password, in the language of the page', async () => {
    await town.person('zhou', 'auditor');
    await page.goto(url(''));
    await field('账号').fill('zhou');
    await field('密码').fill(PASSWORD);
    await field('动态码').fill(town.code('zhou', 300_000));
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByText('手机时钟快了 300 秒').waitFor();
  });

  it('are limited to a department by the security administrator; who manages it sees that, and no more, in the bar', async () => {
    const who = { origin: 'api', by: 'the test' } as const;
    await server.parts.registry.record(
      [{ list: 'departments', key: 'civil', entries: [{ id: 'civil', name: '民政局' }] }],
      who,
    );
    await town.activate(await town.desk.create('deng', 'Deng 7', 'system-administrator'));
    await signIn('security-administrator');
    // The legal holds, which are one panel of many here, are all there to be read.
    const cut = `(() => { const one = document.querySelector('.evidence'); return one.scrollHeight - one.clientHeight; })()`;
    await page.getByText('没有证据保全').or(page.locator('[data-hold]')).first().waitFor();
    expect(await page.evaluate(cut)).toBe(0);
    const row = page.locator('[data-account="deng"]');
    await row.getByRole('button', { name: 'deng 的范围' }).click();
    await page.getByLabel('部门', { exact: true }).fill('civil');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: '保存' }).click();
    await row.getByText('民政局').waitFor();
    await row.getByRole('combobox').selectOption('department-manager');
    await row.getByRole('button', { name: '授予', exact: true }).click();
    await row.getByText('部门负责人').first().waitFor();
    await row.getByRole('button', { name: '撤销' }).waitFor();

    await browser.context.clearCookies();
    await signIn('deng');
    await page.getByText('仅本部门：民政局').waitFor();
    const places = await page.getByRole('navigation', { name: '页面' }).getByRole('link').allInnerTexts();
    expect(places.map((one) => one.trim())).not.toContain('日志源');
    expect(places.length).toBeGreaterThan(3);
    expect(await page.getByText('WL_FORBIDDEN').count()).toBe(0);
  });
});

describe('a page', () => {
  /** What the bar leads to. */
  const sections = (): Promise<string[]> => page.locator('nav').first().getByRole('link').allInnerTexts();

  it('shows an auditor what they may see, and no button of what they may not do', async () => {
    await town.person('wang', 'auditor');
    await signIn('wang');
    await page.getByRole('link', { name: 'wang' }).waitFor();
    expect(await sections()).toEqual(['态势', '发现', '检索', '日志源', '服务商', '登记', '检测', '报告', '大屏']);
    await page.goto(url('#/detectors/suppressions'));
    await page.getByRole('heading', { name: '抑制' }).first().waitFor();
    expect(await page.getByRole('button', { name: '新建抑制' }).count()).toBe(0);
    await page.goto(url('#/detectors/backtests'));
    await page.getByRole('heading', { name: '您的角色不包含此页' }).waitFor();
    await page.getByText('账号 wang（审计员）不能打开此页。此页需要角色：安全运营员 · 安全管理员').waitFor();
  });

  it('shows the administrators their work and no finding, and opens no feed for them', async () => {
    await signIn('security-administrator');
    await page.getByRole('heading', { name: '我的账号' }).waitFor();
    expect(await sections()).toEqual(['登记', '检测', '接入令牌']);
    await page.goto(url('#/detectors'));
    await page.locator('tr[data-detector]').first().waitFor();
    await page.goto(url('#/findings'));
    await page.getByRole('heading', { name: '您的角色不包含此页' }).waitFor();
    await page.getByRole('link', { name: '检测' }).last().click();
    await page.locator('tr[data-detector]').first().waitFor();
  });
});

describe('sessions and tokens', () => {
  it('are made and ended at the page: a wall screen looks on until its link’s maker ends it', async () => {
    await town.person('chen', 'operator');
    await signIn('chen');
    await page.getByRole('link', { name: 'chen' }).click();
    await page.getByLabel('大屏位置').fill('指挥大厅');
    await page.getByRole('button', { name: '生成大屏链接' }).click();
    const link = await page.locator('[data-panel=sessions] [role=status] code').innerText();
    const other = await browser.context.browser()!.newContext();
    const screen = await other.newPage();
    await screen.goto(link);
    await screen.locator('[data-slide]').waitFor();
    expect(screen.url()).toBe(url('#/wall'));
    await page.reload();
    await page.getByRole('button', { name: /^结束 指挥大厅/ }).click();
    await screen
      .getByText('登录已失效')
      .or(screen.getByRole('button', { name: '登录', exact: true }))
      .first()
      .waitFor();
    await other.close();

    await page.getByRole('button', { name: '新建令牌' }).click();
    await page.getByLabel('用途').fill('nightly');
    await page.getByLabel('查看发现').check();
    await page.getByRole('button', { name: '创建令牌' }).click();
    const token = await page.locator('[data-panel=tokens-own] [role=status] code').innerText();
    expect((await server.ask('findings', token)).status).toBe(200);
    await page.getByRole('button', { name: '吊销 nightly' }).click();
    await page.getByText('已吊销').waitFor();
    expect((await server.ask('findings', token)).status).toBe(401);
  });
});

describe('single sign-on at the page', () => {
  it('activates the account, signs in with a button, and says what was refused', async () => {
    const { code } = await town.desk.create('sun', '2048', 'system-administrator');
    await page.goto(url(`#account=sun&activation=${code}`));
    await page.getByRole('button', { name: '用 Intranet 激活并登录' }).click();
    await page.getByRole('link', { name: 'u-1' }).click();
    await page.getByText('此账号由统一登录').waitFor();
    expect(page.url()).toBe(url(''));
    await page.getByRole('button', { name: '退出登录' }).click();
    await page.waitForURL(`${provider.issuer}/**`);
    await browser.context.clearCookies();

    await page.goto(url(''));
    await page.getByRole('button', { name: '用 Intranet 登录' }).click();
    await page.getByRole('link', { name: 'deny' }).click();
    await page.getByText('统一登录未获允许').waitFor();
    await page.getByRole('button', { name: '用 Intranet 登录' }).click();
    await page.getByRole('link', { name: 'u-1' }).click();
    await page.getByRole('link', { name: 'sun' }).waitFor();
  });
});
