import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FindingHistory } from '../../src/triage-desk.ts';
import { eventually, startWanglou, type RunningWanglou } from '../integration/wanglou.ts';
import { openBrowser } from './chromium.ts';
import { buildPage } from './page-server.ts';

/** What people decide at the page, with the real programs behind it: intake → log → detector → feed, API and back. */
let wanglou: RunningWanglou;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let url: string;
let page: Page;
/** What the page must never do: run into an error, break its own policy, lack a text. */
let offences: string[];

beforeAll(async () => {
  buildPage();
  [wanglou, browser] = await Promise.all([startWanglou(), openBrowser()]);
  url = `http://127.0.0.1:${wanglou.ports.web}`;
  const first = browser.context.pages()[0]!;
  await first.goto(`${url}/#code=${wanglou.code}`);
  await first.getByRole('heading', { name: '安全发现' }).waitFor();
  // The store makes its tables while the others start.
  await eventually(
    () => api<{ findings?: object[] }>('findings'),
    ({ findings }) => findings !== undefined,
  );
});
afterAll(async () => {
  await browser.close();
  await wanglou.stop();
});

beforeEach(async () => {
  offences = [];
  page = await openPage('/#/findings');
});
afterEach(async () => {
  await page.close();
  expect(offences).toEqual([]);
});

async function openPage(path: string): Promise<Page> {
  const opened = await browser.context.newPage();
  opened.on('pageerror', (error) => offences.push(error.message));
  opened.on('console', (message) => {
    if (/content security policy|vue warn|intlify/i.test(message.text())) offences.push(message.text());
  });
  await opened.goto(url + path);
  return opened;
}

async function send(events: readonly object[]): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${wanglou.ports.intake}/ingest`, {
    method: 'POST',
    headers: { authorization: `Bearer ${wanglou.token('ingest')}`, 'content-type': 'application/x-ndjson' },
    body: `${events.map((event) => JSON.stringify(event)).join('\n')}\n`,
  });
  expect(answer.status).toBe(200);
}

/** Wrong passwords of one account from one address, now. */
async function guessAt(account: string): Promise<void> {
  const what = { action: 'sign-in', outcome: 'failure', classUid: 3002, activityId: 1 };
  const time = (n: number): string => new Date(Date.now() - 14 + n).toISOString();
  const guess = { account, clientAddress: '203.0.113.7', host: 'gate', ...what };
  await send(Array.from({ length: 14 }, (_, n) => ({ time: time(n), ...guess })));
}

async function api<T>(path: string): Promise<T> {
  const headers = { authorization: `Bearer ${wanglou.token('api')}` };
  return (await (await fetch(`${url}/api/v1/${path}`, { headers })).json()) as T;
}

const rowOf = (on: Page, account: string): ReturnType<Page['locator']> =>
  on.locator('li[data-finding]').filter({ hasText: `账号 ${account} ` });

async function openRow(account: string): Promise<ReturnType<Page['locator']>> {
  await rowOf(page, account).locator('.row').click();
  const triage = rowOf(page, account).locator('.triage');
  await triage.waitFor();
  return triage;
}

const history = async (account: string): Promise<FindingHistory> =>
  api(`findings/${await rowOf(page, account).getAttribute('data-finding')}/history`);

describe('triage', () => {
  it('with the keyboard is seen at once on the page of a colleague', async () => {
    await guessAt('lina');
    const colleague = await openPage('/#/findings');
    await Promise.all([rowOf(page, 'lina').waitFor(), rowOf(colleague, 'lina').waitFor()]);
    await rowOf(page, 'lina').locator('.row').focus();
    await page.keyboard.press('j');
    await page.keyboard.press('a');
    await rowOf(page, 'lina').getByText('已确认').waitFor();
    await rowOf(colleague, 'lina').getByText('已确认').waitFor();
    expect((await history('lina')).state).toMatchObject({ status: 'acknowledged' });
    await expect.poll(() => rowOf(page, 'lina').getByText('正在保存').count()).toBe(0);
    await colleague.close();
  });

  it('adds a note with n, and Escape closes a form without a trace', async () => {
    await guessAt('zhao');
    const triage = await openRow('zhao');
    await page.keyboard.press('n');
    await page.keyboard.type('abandoned');
    await page.keyboard.press('Escape');
    await expect.poll(() => triage.locator('form').count()).toBe(0);
    await page.keyboard.press('n');
    await page.keyboard.type('已电话核实');
    await triage.getByRole('button', { name: '添加备注' }).click();
    await triage.locator('q').getByText('已电话核实').waitFor();
    expect((await history('zhao')).events.map(({ text }) => text).filter((text) => text !== '')).toEqual([
      '已电话核实',
    ]);
  });

  it('closes with a disposition and a reason, and reopens', async () => {
    await guessAt('wang');
    const triage = await openRow('wang');
    await page.keyboard.press('c');
    await triage.getByLabel('误报').check();
    await triage.getByLabel('理由').fill('口令刚更换，脚本未更新');
    await triage.getByRole('button', { name: '关闭发现' }).click();
    await rowOf(page, 'wang').locator('.row').getByText('已关闭：误报').waitFor();
    await expect.poll(() => triage.locator('form').count()).toBe(0);
    expect((await history('wang')).state).toMatchObject({
      status: 'closed',
      disposition: 'false-positive',
      reason: '口令刚更换，脚本未更新',
    });
    await triage.getByRole('button', { name: '重新打开', exact: false }).first().click();
    await triage.getByLabel('理由').fill('又出现了');
    await triage.getByRole('button', { name: '重新打开发现' }).click();
    await rowOf(page, 'wang').locator('.row').getByText('已重新打开').waitFor();
  });

  it('says why a decision was refused, and shows what was decided before', async () => {
    await guessAt('sun');
    await rowOf(page, 'sun').waitFor();
    // Somebody else closes it while the request is on its way.
    const id = await rowOf(page, 'sun').getAttribute('data-finding');
    await page.route('**/acknowledge', async (route) => {
      await fetch(`${url}/api/v1/findings/${id}/close`, {
        method: 'POST',
        headers: { authorization: `Bearer ${wanglou.token('api')}`, 'content-type': 'application/json' },
        body: JSON.stringify({ disposition: 'duplicate', reason: 'seen elsewhere' }),
      });
      await route.continue();
    });
    const triage = await openRow('sun');
    await page.keyboard.press('a');
    const alert = triage.getByRole('alert');
    await alert.waitFor();
    expect(await alert.innerText()).toMatch(/发现的状态已经改变[\s\S]*请看过再决定/);
    await triage.locator('q').getByText('seen elsewhere').waitFor();
    await rowOf(page, 'sun').locator('.row').getByText('已关闭：重复').waitFor();
  });
});

describe('an unresolved name', () => {
  it('becomes an entry, once the server takes its fields, and leaves the list', async () => {
    const read = { action: 'read', classUid: 6005, account: 'reader', host: 'gate' };
    await send([{ time: new Date().toISOString(), asset: 'db.public.visits', ...read }]);
    await page.goto(`${url}/#/registry/unresolved`);
    const row = page.getByRole('row').filter({ hasText: 'db.public.visits' });
    await row.getByRole('button', { name: '登记 db.public.visits' }).click();
    const form = page.getByRole('form', { name: '登记' });
    expect(await form.getByLabel('日志中的名称').inputValue()).toBe('db.public.visits');
    await form.getByLabel('资产级别').selectOption({ label: '重要' });
    await form.getByLabel('所属系统').fill('no-such-system');
    await form.getByRole('button', { name: '保存到登记簿' }).click();
    const refused = form.locator('.field').filter({ hasText: '所属系统' });
    await refused.getByRole('alert').filter({ hasText: '登记簿里没有这个编号' }).waitFor();
    await form.getByLabel('所属系统').fill('');
    await form.getByRole('button', { name: '保存到登记簿' }).click();
    await page.getByRole('status').filter({ hasText: '已登记 db.public.visits' }).waitFor();
    await expect.poll(() => row.count()).toBe(0);
    expect(await api('registry/assets/db.public.visits')).toMatchObject({ entries: [{ level: 'important' }] });
  });
});

describe('a suppression', () => {
  it('shows what it would hide before it is saved, hides what comes then, and can be ended', async () => {
    await guessAt('quiet');
    const triage = await openRow('quiet');
    const actor = await rowOf(page, 'quiet').locator('.about .cut').first().innerText();
    await eventually(
      () => api<{ findings: { actor: string }[] }>('findings'),
      ({ findings }) => findings.some((finding) => finding.actor === actor),
    );
    await triage.getByRole('button', { name: '抑制…' }).click();
    await triage.getByText('过去 30 天会隐藏 1 条发现').waitFor();
    await triage.getByLabel('理由').fill('压力测试账号');
    await triage.getByRole('button', { name: '抑制', exact: true }).click();
    await triage.getByText('已保存').waitFor();
    const { suppressions } = await api<{ suppressions: { from: number }[] }>('suppressions');
    expect(suppressions).toMatchObject([{ scope: { detector: 'brute-force', actor }, reason: '压力测试账号' }]);
    await new Promise((resume) => setTimeout(resume, Math.max(0, suppressions[0]!.from - Date.now()) + 500));
    await guessAt('quiet');
    await rowOf(page, 'quiet').locator('.row').getByText('已抑制').waitFor({ timeout: 20_000 });
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await expect.poll(() => rowOf(page, 'quiet').count(), { timeout: 20_000 }).toBe(0);
    await page.getByLabel('显示已抑制').check();
    await rowOf(page, 'quiet').locator('.row').getByText('已抑制').waitFor();
    expect(page.url()).toContain('suppressed=shown');
    await page.goto(`${url}/#/detectors/suppressions`);
    const listed = page.getByRole('row').filter({ hasText: '压力测试账号' });
    await listed.getByText('生效中').waitFor();
    await listed.getByRole('button', { name: '立即结束' }).click();
    await listed.getByText('已结束').waitFor({ timeout: 20_000 });
  });
});
