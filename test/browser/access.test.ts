import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApiServer } from '../../src/api/server.ts';
import { PASSWORD, SmallTown } from '../access/people-samples.ts';
import { testParts, type TestParts } from '../api/parts.ts';
import { openBrowser } from './chromium.ts';
import { buildPage } from './page-server.ts';
import { PretendForecasts } from './pretend-forecasts.ts';

/** Accounts at the page, from the activation address to a role that somebody else has granted. */
const dataDir = mkdtempSync(join(tmpdir(), 'wanglou-access-page-'));
let town: SmallTown;
let parts: TestParts;
let server: ApiServer;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let page: Page;
let offences: string[];

beforeAll(async () => {
  buildPage();
  town = new SmallTown(dataDir);
  town.now = Date.now();
  await town.start();
  parts = await testParts();
  parts.feed.start();
  const options = { host: '127.0.0.1', port: 0, publicOrigin: '', appDir: resolve('dashboards/dist') };
  server = new ApiServer(options, {
    ...parts,
    forecasts: new PretendForecasts(),
    access: town.access,
    people: town.desk,
    sessions: town.sessions,
  });
  await server.start();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  parts.feed.stop();
  await server.stop();
  await town.stop();
  parts.remove();
  rmSync(dataDir, { recursive: true, force: true });
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

const url = (hash: string): string => `http://127.0.0.1:${server.port}/${hash}`;
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
  await page.getByRole('button', { name: '激活并登录' }).click();
  await page.getByRole('heading', { name: '我的账号' }).waitFor();
  town.now += 30_000;
}

async function signIn(account: string): Promise<void> {
  await page.goto(url(''));
  await field('账号').fill(account);
  await field('密码').fill(PASSWORD);
  await field('动态码').fill(town.code(account));
  await page.getByRole('button', { name: '登录' }).click();
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

  it('say why a sign-in is refused to who has the right password, in the language of the page', async () => {
    await town.person('zhou', 'auditor');
    await page.goto(url(''));
    await field('账号').fill('zhou');
    await field('密码').fill(PASSWORD);
    await field('动态码').fill(town.code('zhou', 300_000));
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByText('手机时钟快了 300 秒').waitFor();
  });
});
