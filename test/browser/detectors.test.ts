import { readdirSync, readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { detectors } from '../../detectors/index.ts';
import { eventually, type RunningWanglou } from '../integration/wanglou.ts';
import { openBrowser } from './chromium.ts';
import { buildPage } from './page-server.ts';
import { startSmallCity } from './small-city.ts';

/** Settings, backtests, suppressions and the service of vendors at the page, with the real programs and store behind it. */
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
  await serve(200, 3);
  const first = browser.context.pages()[0]!;
  await first.goto(`${url}/#code=${wanglou.code}`);
  await first.getByRole('heading', { name: '安全发现' }).waitFor();
  await eventually(
    () => api<{ use?: { detector: string }[] }>('detectors-use'),
    ({ use = [] }) => use.some(({ detector }) => detector === 'brute-force'),
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
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  await page.evaluate(`localStorage.setItem('wanglou.language', 'zh')`);
  await page.close();
  expect(offences).toEqual([]);
});

async function api<T>(path: string, body?: object, method = body ? 'POST' : 'GET'): Promise<T> {
  const headers = {
    authorization: `Bearer ${wanglou.token('api')}`,
    ...(body && { 'content-type': 'application/json' }),
  };
  const answer = await fetch(`${url}/api/v1/${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  return (await answer.json()) as T;
}

/** Calls of an interface of a system that a vendor runs, some of which failed. */
async function serve(calls: number, failures: number): Promise<void> {
  const time = new Date(Date.now() - 60_000).toISOString();
  const call = { time, host: 'aid-db-01', action: 'call', classUid: 6003, durationMs: 120 };
  const events = Array.from({ length: calls }, (_, n) =>
    n < failures ? { ...call, outcome: 'failure', status: 503 } : { ...call, outcome: 'success', status: 200 },
  );
  const answer = await fetch(`http://127.0.0.1:${wanglou.ports.intake}/ingest`, {
    method: 'POST',
    headers: { authorization: `Bearer ${wanglou.token('ingest')}`, 'content-type': 'application/x-ndjson' },
    body: `${events.map((event) => JSON.stringify(event)).join('\n')}\n`,
  });
  expect(answer.status).toBe(200);
}

async function inEnglish(address: string): Promise<void> {
  await page.goto(url);
  await page.evaluate(`localStorage.setItem('wanglou.language', 'en')`);
  await page.goto(`${url}/${address}`);
  await page.reload();
}

interface Job {
  id: string;
  state: string;
  place: number;
  failure?: { reason: string };
}
const wish = { detector: 'brute-force', settings: { failuresAtLeast: 50 } };
const stateOf = (id: string): Promise<Job> => api(`backtests/${id}`);

/** The process that judges the past for `serve`, once there is one. */
async function childOfServe(): Promise<number> {
  const serve = wanglou.pids()['serve']!;
  const children = (): number[] =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => parentOf(pid) === serve);
  const [child] = await eventually(async () => children(), (found) => found.length > 0); // prettier-ignore
  return child!;
}

function parentOf(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[1]);
  } catch {
    return 0;
  }
}

describe('the settings of a detector', () => {
  it('are tried on the past, refused at the field, changed with a reason, and reset', async () => {
    await page.goto(`${url}/`);
    await page.getByRole('link', { name: '检测', exact: true }).click();
    await page.locator('tr[data-detector]').first().waitFor();
    expect(await page.locator('tr[data-detector]').count()).toBe(detectors.length);
    expect(await page.locator('tr[data-correlation]').count()).toBe(5);
    await page.getByLabel('全部类别').selectOption({ label: '账号与身份' });
    await page.getByRole('searchbox').fill('口令暴力破解');
    await expect.poll(() => page.locator('tr[data-detector]').count()).toBe(1);
    expect(page.url()).toContain('family=identity');
    await page.getByRole('link', { name: '口令暴力破解' }).click();
    await page.getByRole('heading', { name: '口令暴力破解' }).waitFor();

    await page.getByRole('button', { name: '修改设置' }).click();
    const form = page.getByRole('form', { name: '修改设置' });
    const failures = form.getByLabel('时间窗内登录失败达到这个次数即报。');
    await failures.fill('1');
    await form.getByRole('button', { name: '开始回测' }).click();
    const row = form.locator('tr[data-setting="failuresAtLeast"]');
    await row.getByRole('alert').filter({ hasText: '不能小于 2。' }).waitFor();
    expect(await failures.evaluate('document.activeElement.id')).toBe('setting-failuresAtLeast');

    await failures.fill('50');
    await form.getByRole('button', { name: '开始回测' }).click();
    const run = form.locator('[data-backtest]');
    await run.getByRole('status').first().waitFor();
    await run.getByText('新设置会产生 0 条，当时产生 1 条，其中 0 条相同').waitFor({ timeout: 60_000 });
    await run.locator('[data-difference="gone"]').getByText('账号 li.na').waitFor();
    await run.locator('[data-difference="raised"]').getByText('没有新增').waitFor();

    await form.getByText('这些值已经回测过').waitFor();
    await form.getByRole('button', { name: '保存设置' }).click();
    await form.getByText('请写明修改理由。').waitFor();
    await form.getByLabel('修改理由').fill('压测期间口令错误多');
    await form.getByRole('button', { name: '保存设置' }).click();
    const version = page.locator('tr[data-version="1"]');
    await version.getByText('压测期间口令错误多').waitFor();
    expect(await version.innerText()).toMatch(/全平台[\s\S]*failuresAtLeast 50/);
    expect(await version.innerText()).toContain('待生效');

    await page.getByRole('button', { name: '修改设置' }).click();
    await form.getByLabel('修改理由').fill('压测结束');
    await form.getByRole('button', { name: '恢复默认' }).click();
    await page.locator('tr[data-version="2"]').getByText('恢复默认').waitFor();
  });

  it('are changed for one department, and what was tried can be sent to a colleague, in English', async () => {
    await inEnglish('#/detectors/bulk-read');
    await page.getByRole('button', { name: 'Change settings' }).click();
    const form = page.getByRole('form', { name: 'Change settings' });
    await form.getByLabel('Department').selectOption({ label: 'Tax Bureau' });
    await form.getByLabel('Rows below which nothing is a bulk read.').fill('5000');
    await form.getByLabel('Reason').fill('yearly census');
    await form.getByRole('button', { name: 'Save settings' }).click();
    await page.getByText('Saved: in force from').waitFor();
    const setting = page.locator('tr[data-setting="rowsAtLeast"]');
    await expect.poll(() => setting.innerText(), { timeout: 40_000 }).toMatch(/Department tax[\s\S]*5,000 rows/);

    await page.getByRole('link', { name: 'Backtests' }).click();
    const listed = page.getByRole('row').filter({ hasText: 'failuresAtLeast' }).first();
    await listed.getByText('done').waitFor();
    await listed.getByRole('link', { name: 'Show' }).click();
    await page.getByText('Findings: 0 with the new settings, 1 then').waitFor();
    expect(page.url()).toMatch(/#\/detectors\/backtests\?run=[\w-]{36}$/);
    expect(await page.locator('main').innerText()).not.toMatch(/回测|检测目录/);
  });
});

describe('backtests', () => {
  it('say that their process was ended, let the next one run, and are cancelled at the page', async () => {
    const first = await api<Job>('backtests', wish);
    const second = await api<Job>('backtests', wish);
    expect([first.state, second.state, second.place]).toEqual(['running', 'queued', 1]);
    process.kill(await childOfServe(), 'SIGKILL');
    expect(await eventually(() => stateOf(first.id), ({ state }) => state !== 'running')).toMatchObject({ state: 'failed', failure: { reason: 'killed' } }); // prettier-ignore
    const child = await childOfServe();
    process.kill(child, 'SIGSTOP'); // so that it does not end before somebody cancels it
    await page.goto(`${url}/#/detectors/backtests?run=${second.id}`);
    await page.getByRole('button', { name: '取消回测' }).click();
    await page.locator('[data-state="cancelled"]').getByText('由 operator 取消').waitFor();
    await page.locator(`tr[data-run="${first.id}"]`).getByText('未完成').waitFor();
    await page.locator(`tr[data-run="${first.id}"]`).getByRole('link', { name: '查看' }).click();
    await page.getByRole('alert').getByText('回测进程被外部终止').waitFor();
  });
});

describe('suppressions', () => {
  it('are made with a preview and ended, in English', async () => {
    await inEnglish('#/detectors/suppressions');
    await page.getByText('No suppressions').waitFor();
    await page.getByRole('button', { name: 'New suppression' }).click();
    const form = page.getByRole('form', { name: 'New suppression' });
    await form.getByText('State at least one thing besides the detector.', { exact: true }).waitFor();
    await form.getByLabel('Detector').selectOption({ label: 'Password guessing' });
    await form.getByLabel('System').fill('aid-platform');
    await form.getByText('Would have hidden 1 finding in the last 30 days').waitFor();
    await form.getByLabel('Reason').fill('load test');
    await form.getByRole('button', { name: 'Suppress', exact: true }).click();
    const row = page.getByRole('row').filter({ hasText: 'load test' });
    await row.getByText('nothing hidden').waitFor();
    await row.getByRole('button', { name: 'End now' }).click();
    await row.getByText('ends soon').waitFor();
  });
});

describe('the page of a vendor', () => {
  it('says how its systems serve against the contract, how its risk went, and why there is no forecast yet', async () => {
    await page.goto(`${url}/#/vendor/qiming`);
    const served = page.locator('tr[data-system="aid-platform"]');
    await served.waitFor();
    expect(await served.innerText()).toMatch(/99\.9%[\s\S]*合同 qm-2026[\s\S]*15 倍[\s\S]*3 \/ 200 次出错[\s\S]*超支/);
    await page.getByText('近 30 天没有工单在时间窗结束后仍有操作').waitFor();
    expect(await page.locator('[data-contract="qm-2026"]').innerText()).toMatch(/30 天可用率 98\.5%，错误预算超支/);
    await page.getByRole('img', { name: '90 天走势' }).waitFor();
    await page.locator('[data-forecast="hidden"]').getByText('不显示预测').waitFor({ timeout: 30_000 });
    await inEnglish('#/vendors');
    const row = page.locator('tr[data-vendor="qiming"]');
    await expect.poll(() => row.locator('.forecast').innerText(), { timeout: 30_000 }).toBe('none');
  });
});
