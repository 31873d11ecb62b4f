import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { event } from '../api/parts.ts';
import { lifeEventFor } from '../../src/finding/triage.ts';
import { lifeEventOf } from '../../src/finding/lifecycle.ts';
import { finding, incident } from '../feed/samples.ts';
import { openBrowser } from './chromium.ts';
import { startPage, type PageServer } from './page-server.ts';

let browser: { context: BrowserContext; close: () => Promise<void> };
let server: PageServer;
let page: Page;
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
  await page.goto(await server.invitation());
  await page.getByRole('heading', { name: '安全发现' }).waitFor();
});
afterEach(async () => {
  await page.close();
  await browser.context.clearCookies();
  await server.stop();
  expect(offences).toEqual([]);
});

const open = async (id: string): Promise<void> => {
  await page.goto(`${server.url}/#/finding/${id}`);
};

describe('the page of a finding', () => {
  it('shows one that has long left the live list, with its events, and takes decisions by keyboard', async () => {
    const longAgo = Date.now() - 40 * 86_400_000;
    const cause = event({ raw: 'select * from resident_register', time: longAgo });
    const old = finding('old', { eventIds: [cause.id], causedAt: longAgo, lastTime: longAgo });
    server.store.events = [cause];
    server.store.findings = [old];
    await open(old.id);
    await page.getByRole('heading', { name: old.title.zh }).waitFor();
    await page.getByText('select * from resident_register').waitFor();
    await page.keyboard.press('a');
    await page.getByText('已确认').first().waitFor();
    await page.keyboard.press('n');
    await page.locator('form textarea').fill('问过本人');
    await page.keyboard.press('Escape');
    expect(await page.locator('form textarea').count()).toBe(0);
  });

  it('shows log lines masked, and one of them as it was logged to who says why, under their name', async () => {
    const cause = event({ raw: '短信已发送 姓名：李娜', time: Date.now() });
    const one = finding('masked', { eventIds: [cause.id], causedAt: Date.now(), lastTime: Date.now() });
    server.store.events = [cause];
    server.store.findings = [one];
    await open(one.id);
    await page.getByText('‹姓名/name#').waitFor();
    expect(await page.content()).not.toContain('李娜');
    await page.getByRole('button', { name: '查看明文' }).click();
    await page.getByLabel('理由').fill('核对投诉');
    await page.getByRole('button', { name: '查看 15 分钟' }).click();
    await page.getByText('短信已发送 姓名：李娜').waitFor();
    expect(await page.locator('.marks').innerText()).toContain('operator');
    await page.getByText(/operator 正在查看明文，剩余 1[45]:\d\d/).waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByText('operator sees this unmasked').waitFor();
    await page.getByRole('button', { name: 'Hide' }).click();
    await page.getByText('‹姓名/name#').waitFor();
    expect(await page.content()).not.toContain('李娜');
  });

  it('is reached from the list, and leads back', async () => {
    const one = finding('one', { causedAt: Date.now(), lastTime: Date.now() });
    server.store.findings = [one];
    server.feed.finding(one);
    server.feed.incident(incident([one]));
    await page.goto(`${server.url}/#/findings`);
    await page.locator('li[data-finding] > button').click();
    await page.locator('.why').getByRole('link', { name: '喷洒后批量读取' }).waitFor();
    await page.getByRole('link', { name: '单独打开' }).click();
    await page.locator(`article[data-finding="${one.id}"]`).waitFor();
    await page.goBack();
    await page.locator('li[data-finding]').waitFor();
  });

  it('shows what is usual, the day, whom to call and how similar ones ended, in both languages', async () => {
    const now = Date.now();
    const one = finding('one', { causedAt: now, lastTime: now, eventIds: [] });
    const before = ['a', 'b'].map((name) => finding(name, { causedAt: now - 86_400_000 }));
    server.store.findings = [one, ...before];
    server.store.lives = before.flatMap((each) => {
      const raised = lifeEventOf(each);
      const command = { act: 'closed', disposition: 'benign', text: '月度任务' } as const;
      return [raised, lifeEventFor(command, [raised], { by: 'wu', at: now, id: each.id })];
    });
    server.store.incidents = [incident([one])];
    server.contextStore.days = [{ day: new Date(now - 3 * 86_400_000).toISOString().slice(0, 10), value: 420 }];
    const cell = { kind: 'asset' as const, step: 40, rows: 52_310, failures: 0 };
    server.contextStore.found = [{ ...cell, id: one.asset, events: 12, marked: 3 }];
    await open(one.id);
    const panel = (title: string) =>
      page.locator('section.panel').filter({ has: page.getByRole('heading', { name: title }) });
    await panel('实际与平时').getByText('是平时的 128 倍').waitFor();
    expect(await panel('实际与平时').innerText()).toMatch(
      /28 天中有 1 天有记录.*本次 52,310 行，预期 410 行，阈值 1,230 行/,
    );
    expect(await panel('行为人的一天').locator('.strip .marked').count()).toBe(1);
    await panel('以前类似的发现').getByText('2 / 2 条关闭为“属实但无害”').waitFor();
    expect(await panel('涉及谁、什么数据').locator('[data-right]').getAttribute('data-right')).toBe('unknown');
    expect(await panel('下一步').innerText()).toMatch(/联系[\s\S]*核实[\s\S]*任务单号[\s\S]*控制[\s\S]*上报/);
    await page.getByRole('button', { name: 'English' }).click();
    await panel('This time and usually').getByText('128 times the usual').waitFor();
    await panel('Similar findings before').getByText('2 of 2 closed as').waitFor();
    expect(await page.locator('main').innerText()).not.toMatch(/下一步|平时|授信|归口/);
    await page.locator('article').getByRole('link', { name: 'Sprayed, then bulk read' }).click();
    await page.locator('article[data-incident]').waitFor();
    await page.getByRole('button', { name: '中文' }).click();
  });

  it('shows each part by itself when another fails, and shows the rest when it is asked again', async () => {
    const one = finding('one', { causedAt: Date.now(), lastTime: Date.now() });
    server.store.findings = [one];
    server.contextStore.fault = Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
    await open(one.id);
    const alert = page.getByRole('alert');
    await alert.getByText('存储暂时不可用').waitFor();
    await page.getByText('此前 90 天没有类似的发现').waitFor();
    server.contextStore.fault = undefined;
    await alert.getByRole('button', { name: '重试' }).click();
    await page.getByText('是平时的 128 倍').waitFor();
  });

  it('shows names that were made to do harm as text, and stays in its frame', async () => {
    const hostile = `<img src=x onerror="document.title=1">{{ constructor }}\u202e${'长'.repeat(3_400)}`;
    const cause = event({ raw: hostile, time: Date.now(), source: hostile });
    const text = { zh: hostile, en: hostile };
    const names = { actor: hostile, asset: hostile, system: hostile, clientAddress: hostile, source: hostile };
    const one = finding('one', {
      ...{ ...names, department: hostile, vendor: hostile, person: hostile, detector: 'vendor-after-contract' },
      ...{ title: text, explanation: text, unit: hostile, eventIds: [cause.id], lastTime: Date.now() },
    });
    server.store.events = [cause];
    server.store.findings = [one, finding('two', { ...names, detector: one.detector, unit: hostile })];
    server.contextStore.found = [{ kind: 'asset', id: hostile, step: 3, events: 1, rows: 1, failures: 0, marked: 1 }];
    await open(one.id);
    await page.locator('.strip .marked').waitFor();
    await page.locator('.foot').first().waitFor();
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(await page.title()).toMatch(/ · (望楼|Wanglou)$/);
    expect(await page.evaluate('document.querySelector("main").scrollWidth <= innerWidth')).toBe(true);
    expect((await page.locator('article').boundingBox())!.height).toBeLessThan(700);
  });

  it.each(['00000000-0000-5000-8000-000000000000', 'no-uuid', '%E0%A4%A'])(
    'says that there is no finding %s, and where to go on',
    async (id) => {
      await open(id);
      await page.getByRole('heading', { name: '没有这个发现' }).waitFor();
      await page.getByRole('link', { name: '回到发现列表' }).click();
      await page.getByRole('heading', { name: '安全发现' }).waitFor();
    },
  );
});
