import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { extractText } from 'unpdf';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PrintPdf } from '../../src/reports/pdf/print-pdf.ts';
import { reportPage } from '../../src/reports/report-html.ts';
import type { ReportContent, ReportWish } from '../../src/reports/report.ts';
import { lifeEventOf } from '../../src/finding/lifecycle.ts';
import { event, testParts } from '../api/parts.ts';
import { TownServer } from '../api/town-server.ts';
import { finding, incident } from '../feed/samples.ts';
import { MemoryTable } from '../registry/version-table.ts';
import { FROM, LONG, PLANTED_HOLES, plantedSight, TO } from '../reports/planted.ts';
import { testReports } from '../reports/test-reports.ts';
import { openBrowser } from './chromium.ts';
import { buildPage, startPage, type PageServer } from './page-server.ts';

const LANGUAGES = ['zh', 'en'] as const;
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const DIGEST = 'ab'.repeat(32);
const frame = {
  ...{ id: '00000000-0000-4000-8000-000000000001', version: 1, digest: DIGEST, state: 'reviewed' as const },
  steps: (['prepared', 'reviewed'] as const).map((act, n) => ({
    ...{ id: act, n, report: '', version: 1, act, digest: DIGEST, at: TO + n, by: `auditor-${LONG.en}` },
    ...{ person: '', trial: false, text: LONG.zh, schedule: '' },
  })),
};

let browser: { context: BrowserContext; close: () => Promise<void> };
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

/** Every kind of section, with names of 60 characters, and a table that goes over several pages. */
async function longReport(kind: ReportWish['kind']): Promise<ReportContent> {
  const reports = testReports(new MemoryTable(), plantedSight());
  const line = {
    ...{ department: 'own', vendor: '', system: 'sys', recipient: LONG.en, grant: `g-${LONG.en}`, purpose: LONG.zh },
    ...{ events: 123_456, rows: 1_234_567_890, bytes: 0, first: FROM, last: TO - 1 },
  };
  reports.store.passed = Array.from({ length: 24 }, (_, n) => ({
    ...line,
    asset: n % 2 === 0 ? 'whole' : `asset-${LONG.en}-${n}`,
  }));
  reports.store.lines = [{ ...line, asset: 'whole', subjects: 9 }];
  const subject =
    kind === 'five-questions' ? ({ kind: 'department', id: 'own' } as const) : ({ kind: 'platform', id: '' } as const);
  return reports.maker.make(
    { kind, subject, from: FROM, to: TO, timeZone: 'Asia/Shanghai' },
    { trial: true, signedAt: null },
    () => undefined,
  );
}

/** What is cut off, or sticks out of the page; runs there. */
const MISFITS = `(() => {
  const width = document.documentElement.clientWidth;
  return [...document.querySelectorAll('body *')].flatMap((element) => {
    const { left, right } = element.getBoundingClientRect();
    const isCut = element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline';
    const isOutside = left < -1 || right > width + 1;
    return isCut || isOutside ? [element.tagName + ' "' + element.textContent.trim().slice(0, 40) + '"'] : [];
  });
})()`;
const HEADS = "[...document.querySelectorAll('thead')].map((one) => getComputedStyle(one).display)";

describe('a report on A4', () => {
  let folder: string;
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'wanglou-report-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['five-questions', 'sharing-ledger', 'personal-information', 'important-data'] as const)(
    '(%s) cuts off nothing and keeps within the page, in both languages',
    async (kind) => {
      const content = await longReport(kind);
      const page = await browser.context.newPage();
      await page.setViewportSize({ width: 680, height: 960 }); // what A4 has between its margins
      await page.emulateMedia({ media: 'print' });
      for (const language of LANGUAGES) {
        const file = join(folder, `${kind}-${language}.html`);
        writeFileSync(file, reportPage(content, frame, language));
        await page.goto(pathToFileURL(file).href);
        expect(await page.evaluate<string[]>(MISFITS), language).toEqual([]);
        const heads = await page.evaluate<string[]>(HEADS);
        expect(new Set(heads)).toEqual(new Set(['table-header-group']));
      }
      await page.close();
    },
  );

  it('shows an incident with hostile log lines whole, as text, with its clock and its evidence', async () => {
    const HOSTILE = `<img src=x onerror="document.title=1">{{ constructor }}\u202e${'长'.repeat(1_400)}${'w'.repeat(1_400)}`;
    const causedAt = Date.now() - 3_600_000;
    const cause = event({ raw: HOSTILE, time: causedAt, source: HOSTILE.slice(0, 200) });
    const found = finding('one', { firstTime: causedAt, lastTime: causedAt, causedAt, eventIds: [cause.id] });
    const made = { ...incident([found]), causedAt };
    const parts = await testParts();
    Object.assign(parts.store, { events: [cause], findings: [found], lives: [lifeEventOf(found)], incidents: [made] });
    const wish = {
      kind: 'incident',
      subject: { kind: 'incident', id: made.id },
      from: causedAt - 1,
      to: Date.now(),
    } as const;
    const standing = { trial: true, signedAt: null };
    const content = await parts.reporting.maker.make({ ...wish, timeZone: 'Asia/Shanghai' }, standing, () => undefined);
    parts.remove();
    const page = await browser.context.newPage();
    for (const language of LANGUAGES) {
      const file = join(folder, `incident-${language}.html`);
      writeFileSync(file, reportPage(content, frame, language));
      await page.goto(pathToFileURL(file).href);
      expect(await page.evaluate<string[]>(MISFITS), language).toEqual([]);
      expect(await page.locator('img').count()).toBe(0);
      const text = await page.locator('body').innerText();
      expect(text).toContain('onerror="document.title=1"');
      expect(text).toMatch(language === 'zh' ? /报告时限[\s\S]*4h/ : /Report due[\s\S]*4h/);
      expect(text).toContain('SHA-256');
    }
    await page.close();
  });

  it('is printed twice as the same bytes, and has in its text what the page says, table heads on every page', async () => {
    const print = new PrintPdf({ browser: CHROMIUM, path: '' });
    for (const language of LANGUAGES) {
      const file = reportPage(await longReport('sharing-ledger'), frame, language);
      const [one, other] = [await print.print(file, { at: TO }), await print.print(file, { at: TO })];
      expect(one.equals(other)).toBe(true);
      const pages = await textsOf(one);
      expect(pages.length).toBeGreaterThan(4);
      const all = pages.join('');
      for (const fact of ['1,234,567,890', DIGEST, LONG.en, language === 'zh' ? '数据共享台账' : 'Ledgerofsharing'])
        expect(all, fact).toContain(fact);
      const head = language === 'zh' ? '接收方' : 'Recipient';
      const full = pages.slice(2, -1).filter((text) => text.includes('1,234,567,890'));
      expect(full.length).toBeGreaterThan(1);
      for (const text of full) expect(text).toContain(head);
      const last = pages.at(-1)!;
      expect(last).toContain(language === 'zh' ? '签发记录' : 'Sign-off');
      expect(last).toContain(
        language === 'zh' ? `第${pages.length}页,共${pages.length}页` : `Page${pages.length}of${pages.length}`,
      );
    }
  });

  it('differs by nothing but the time in it when it is of another time', async () => {
    const print = new PrintPdf({ browser: CHROMIUM, path: '' });
    const file = reportPage(await longReport('personal-information'), frame, 'zh');
    const [one, later] = [await print.print(file, { at: TO }), await print.print(file, { at: TO + 86_400_000 })];
    const withoutStamp = (pdf: Buffer): string => pdf.toString('latin1').replace(/D:\d{14}/g, '');
    expect(later.equals(one)).toBe(false);
    expect(withoutStamp(later)).toBe(withoutStamp(one));
  });

  it('is not printed by a browser that takes too long or too much memory, or is not there, and says so', async () => {
    const page = '<!doctype html><title>x</title>';
    const away = { code: 'WL_BROWSER_AWAY' };
    await expect(new PrintPdf({ browser: CHROMIUM, path: '', maxMs: 1 }).print(page, { at: 0 })).rejects.toMatchObject(
      away,
    );
    await expect(
      new PrintPdf({ browser: CHROMIUM, path: '', maxBytes: 1 }).print(page, { at: 0 }),
    ).rejects.toMatchObject(away);
    await expect(new PrintPdf({ browser: '/nowhere/chromium', path: '' }).print(page, { at: 0 })).rejects.toMatchObject(
      {
        ...away,
        message: expect.stringContaining('/nowhere/chromium') as string,
      },
    );
    await expect(new PrintPdf({ browser: '', path: '' }).print(page, { at: 0 })).rejects.toThrow(/no Chromium in PATH/);
  });
});

async function textsOf(pdf: Buffer): Promise<string[]> {
  const { text } = await extractText(new Uint8Array(pdf), { mergePages: false });
  // The browser writes radicals where the font has one glyph for both.
  return text.map((one) => one.replace(/\s/g, '').normalize('NFKC').replaceAll('⻚', '页'));
}

describe('the pages of reports', () => {
  let server: PageServer;
  let page: Page;
  let offences: string[];
  beforeEach(async () => {
    server = await startPage();
    offences = [];
    page = await browser.context.newPage();
    page.on('pageerror', (error) => offences.push(error.message));
    page.on('console', (message) => {
      if (/content security policy|vue warn|intlify/i.test(message.text())) offences.push(message.text());
    });
    await server.registry.record(
      [
        { list: 'departments', key: 'aid', entries: [{ id: 'aid', name: '民政局' }] },
        {
          list: 'assets',
          key: 'families',
          entries: [{ id: 'families', name: '困难家庭', names: ['a.f'], level: 'core', owner: 'aid' }],
        },
      ],
      { origin: 'api', by: 'the test' },
    );
    await page.goto(await server.invitation());
    await page.getByRole('button', { name: '退出登录' }).waitFor();
  });
  afterEach(async () => {
    await page.close();
    await browser.context.clearCookies();
    await server.stop();
    expect(offences).toEqual([]);
  });

  it('take a report from the page of a department to its signature, with a preview in a frame that runs nothing', async () => {
    await page.goto(`${server.url}/#/department/aid`);
    await page.getByRole('link', { name: '制作报告' }).click();
    await expect.poll(() => page.locator('#report-subject').inputValue()).toBe('aid');
    await page.getByRole('button', { name: '制作报告' }).click();
    const paper = page.frameLocator('iframe');
    await paper.getByRole('heading', { name: '数据资产“五问”报告' }).waitFor();
    expect(await page.locator('iframe').getAttribute('sandbox')).toBe('');
    await expect.poll(() => paper.locator('[data-hole="no-supervisor"]').count()).toBe(1);
    await page.getByRole('button', { name: '复核通过' }).click();
    await page.locator('[data-state="reviewed"]').waitFor();
    await page.getByRole('button', { name: '签发' }).click();
    await page.locator('[data-state="signed"]').waitFor();
    await paper.locator('#sign-off').getByText('签发', { exact: true }).waitFor();
    await page.getByLabel('报告语言').selectOption('en');
    await paper.getByRole('heading', { name: 'The five questions about data' }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: '下载 HTML' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^five-questions-[0-9a-f]{8}-v1\.html$/);
    await page.getByRole('link', { name: '全部报告' }).click();
    await page.locator('tr[data-report]').waitFor();
    expect(await page.locator('[data-no-pdf]').innerText()).toContain('apt-get install chromium');
  });

  it('return a report with a reason, make it again, and repeat one by schedule', async () => {
    await page.goto(`${server.url}/#/reports?new=five-questions&subject=department&id=aid`);
    await page.getByRole('button', { name: '制作报告' }).click();
    await page.getByRole('button', { name: '退回', exact: true }).click();
    await page.locator('.sign-off textarea').fill('缺少监管部门');
    await page.getByRole('button', { name: '确定退回' }).click();
    await page.getByRole('button', { name: '重新制作' }).click();
    await page.locator('[data-state="prepared"]').waitFor();
    await page.getByText('第 2 版').waitFor();
    await page.goto(`${server.url}/#/reports?new=five-questions&subject=department&id=aid`);
    await page.getByLabel('按周期自动制作').check();
    await page.getByRole('button', { name: '建立计划' }).click();
    await page.locator('[data-schedule]').waitFor();
    expect(await page.locator('[data-schedule]').innerText()).toMatch(/每月[\s\S]*下次 \d{4}-\d\d-\d\d/);
    await page.getByRole('button', { name: '结束计划' }).click();
    await page.getByText('已结束').waitFor();
  });

  it('say what to do when a report can not be made', async () => {
    await page.goto(`${server.url}/#/reports?new=five-questions&subject=asset&id=nothing`);
    await page.getByRole('button', { name: '制作报告' }).click();
    await page.locator('[data-job="failed"]').waitFor();
    expect(await page.locator('[data-job="failed"]').innerText()).toContain('nothing');
  });
});

describe('the sign-off by three persons', () => {
  let server: TownServer;
  let page: Page;
  const cookies = new Map<string, string>();

  beforeAll(async () => {
    buildPage();
    const people = { personOf: (account: string) => server.town.book.people.accounts.get(account)?.person ?? '' };
    const { desk, schedules } = testReports(new MemoryTable(), plantedSight(), { trial: false, ...people });
    server = await TownServer.start({ reports: desk, reportSchedules: schedules }, resolve('dashboards/dist'));
    server.town.now = Date.now();
    await server.town.withAdministrators();
    for (const name of ['wang', 'liu', 'chen']) {
      await server.town.person(name, 'auditor', `${name} 1024`);
      cookies.set(name, await server.signedIn(name));
    }
    page = await browser.context.newPage();
  });
  afterAll(async () => {
    await page.close();
    await browser.context.clearCookies();
    await server.stop();
  });

  /** Somebody else sits down at the page. */
  async function as(account: string, hash: string): Promise<void> {
    const [name = '', value = ''] = cookies.get(account)!.split('=');
    await browser.context.clearCookies();
    await browser.context.addCookies([{ name, value, url: server.origin }]);
    await page.goto(`${server.origin}/${hash}`);
    await page.reload();
    await page.getByRole('link', { name: account, exact: true }).waitFor();
  }
  const press = (name: string) => page.getByRole('button', { name, exact: true }).press('Enter');
  const state = (name: string) => page.locator(`[data-state="${name}"]`).waitFor();

  it('takes one who prepares, another who reviews or returns with a reason, and a third who signs', async () => {
    await as('wang', '#/reports?new=five-questions&subject=asset&id=whole');
    await press('制作报告');
    await state('prepared');
    const hash = new URL(page.url()).hash;
    const next = page.locator('.sign-off button.primary');
    const nothingToDo = async (): Promise<void> => {
      await page.getByText('须由另一位审计员完成下一步。').waitFor();
      expect(await next.count()).toBe(0);
    };
    await nothingToDo();

    await as('liu', hash);
    await press('退回');
    expect(await page.getByRole('button', { name: '确定退回' }).isDisabled()).toBe(true);
    await page.locator('.sign-off textarea').fill('缺少监管部门的意见');
    await press('确定退回');
    await state('returned');

    await as('wang', hash);
    await page.getByText('缺少监管部门的意见').waitFor();
    await press('重新制作');
    await page.getByText('第 2 版').waitFor();
    await state('prepared');
    await nothingToDo();

    await as('liu', hash);
    await press('复核通过');
    await state('reviewed');
    await nothingToDo();
    await as('wang', hash);
    await state('reviewed');
    await nothingToDo();
    const digest = await page.locator('.sign-off code').innerText();
    const id = hash.split('/').at(-1)!;
    for (const account of ['wang', 'liu'])
      expect(await server.ask(`reports/${id}/sign`, cookies.get(account), { digest, text: '' })).toMatchObject({
        ...{ status: 409, body: { reason: 'report-same-person' } },
      });

    await as('chen', hash);
    await press('签发');
    await state('signed');
    const steps = await page.locator('.sign-off li').allInnerTexts();
    expect(steps.map((text) => /^(\S+)\s+(\S+)/.exec(text)?.slice(1).join(' '))).toEqual([
      ...['制作 wang', '退回 liu', '制作 wang', '复核 liu', '签发 chen'],
    ]);
    await page.frameLocator('iframe').locator('#sign-off').getByText('chen').waitFor();
    expect(await page.getByText('试用模式').count()).toBe(0);
  });
});

it('every hole that is planted has words in both languages', async () => {
  const content = await longReport('five-questions');
  for (const language of LANGUAGES) {
    const page = reportPage(content, frame, language);
    for (const hole of PLANTED_HOLES) expect(page).toContain(`data-hole="${hole}"`);
  }
});
