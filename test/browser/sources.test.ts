import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeRows } from '../../src/event/batch.ts';
import { emptyEvent } from '../../src/event/event.ts';
import { storeClient } from '../../src/store/client.ts';
import { StoreWriter } from '../../src/store/writer.ts';
import { Rsyslogd } from '../integration/rsyslogd.ts';
import { eventually, startWanglou, type RunningWanglou } from '../integration/wanglou.ts';
import { openBrowser } from './chromium.ts';
import { buildPage } from './page-server.ts';

const MINUTE = 60_000;
/** As an attacker would write it: markup, a change of direction, a terminal's escape. */
const HOSTILE = '<img src=x onerror="document.title=1"> \u202egnp.exe \u001b[31m';

const registry = {
  departments: [{ id: 'aid', name: { zh: '市民政局', en: 'Civil Affairs Bureau' } }],
  systems: [
    { id: 'platform', name: { zh: '社会救助平台', en: 'Social Aid Platform' }, department: 'aid' },
    { id: 'fund', name: { zh: '公积金系统', en: 'Housing Fund' }, department: 'aid' },
  ],
  sources: [
    { id: 'aid-db', name: { zh: '救助数据库', en: 'Aid database' }, system: 'platform', addresses: ['127.0.0.1'] },
    { id: 'old-portal', system: 'platform' },
  ],
};

let folder: string;
let wanglou: RunningWanglou;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let page: Page;
let url: string;
const offences: string[] = [];

beforeAll(async () => {
  buildPage();
  folder = mkdtempSync(join(tmpdir(), 'wanglou-registry-'));
  for (const [list, entries] of Object.entries(registry))
    writeFileSync(join(folder, `${list}.yaml`), JSON.stringify(entries));
  [wanglou, browser] = await Promise.all([startWanglou({ WANGLOU_REGISTRY_DIR: folder }), openBrowser()]);
  url = `http://127.0.0.1:${wanglou.ports.web}`;
  page = browser.context.pages()[0]!;
  page.on('pageerror', (error) => offences.push(error.message));
  page.on('console', (message) => {
    if (/content security policy|vue warn|intlify/i.test(message.text())) offences.push(message.text());
  });
  await page.goto(`${url}/#code=${wanglou.code}`);
  await page.getByRole('link', { name: '日志源' }).first().waitFor();
  await eventually(storePast, (stored) => stored);
});
afterAll(async () => {
  await browser.close();
  await wanglou.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(() => expect(offences).toEqual([]));

/** What came an hour and a half ago, minute by minute, for half an hour. @returns false while the store is not ready. */
async function storePast(): Promise<boolean> {
  const now = Math.floor(Date.now() / MINUTE) * MINUTE;
  const events = Array.from({ length: 30 }, (_, n) => {
    const ingestTime = now - (90 - n) * MINUTE;
    const id = `00000000-0000-8000-8000-${String(n).padStart(12, '0')}`;
    return {
      ...emptyEvent(),
      id,
      source: 'aid-db',
      ingestTime,
      time: ingestTime - 400,
      format: 'json',
      action: 'read',
    };
  });
  const client = storeClient({
    url: `http://127.0.0.1:${wanglou.ports.store}`,
    ...{ user: 'default', password: wanglou.token('store'), database: 'wanglou' },
  });
  try {
    await client.query({ query: 'SELECT 1 FROM events LIMIT 1' });
    const writer = new StoreWriter({ client });
    writer.start();
    const block = encodeRows(events, events.map((_, index) => ({ partition: 0, offset: 0, index }))); // prettier-ignore
    writer.add(Buffer.from(block), events.length, { partition: 0, offset: 0 });
    await writer.flushed();
    writer.stop();
    return true;
  } catch {
    return false;
  } finally {
    await client.close();
  }
}

async function open(hash: string, language: 'zh' | 'en'): Promise<void> {
  await page.evaluate(`localStorage.setItem('wanglou.language', '${language}')`);
  await page.goto(`${url}/${hash}`);
  await page.reload();
}
async function api<T>(path: string): Promise<T> {
  const headers = { authorization: `Bearer ${wanglou.token('api')}` };
  return (await (await fetch(`${url}/api/v1/${path}`, { headers })).json()) as T;
}
const row = (source: string): ReturnType<Page['locator']> => page.locator(`tr[data-source="${source}"]`);

describe('the sources', () => {
  it('show what is heard, what never was, and what none covers; a host is connected with the lines that are offered', async () => {
    await open('#/sources', 'zh');
    await row('old-portal').getByText('从未收到').waitFor();
    await row('aid-db').getByText('静默').waitFor();
    await page.locator('.holes').getByRole('link', { name: '公积金系统' }).waitFor();
    await page.getByRole('button', { name: '接入日志源' }).click();
    const offered = page.locator('section', { has: page.getByRole('heading', { name: /^rsyslog/ }) }).locator('pre');
    const rsyslog = new Rsyslogd((await offered.first().innerText()).replace('*.* ', ''));
    rsyslog.start();
    try {
      rsyslog.write(['hello from a host that was just connected']);
      await row('aid-db').getByText('正常').waitFor({ timeout: 30_000 });
    } finally {
      await rsyslog.remove();
    }
    await page.getByRole('button', { name: /^静默/ }).click();
    await expect.poll(() => row('aid-db').count()).toBe(0);
    expect(page.url()).toContain('state=silent');
    await page.getByRole('button', { name: /^全部/ }).click();
    await row('aid-db').getByRole('link', { name: '救助数据库' }).click();
    await page.getByRole('heading', { name: '救助数据库' }).waitFor();
  });

  it('get tokens of their own, which are shown once and revoked when somebody means it', async () => {
    await open('#/sources', 'en');
    await page.getByRole('link', { name: 'Tokens' }).click();
    await page.getByLabel('Source (id in the registry)').fill('old-portal');
    await page.getByLabel(/Addresses or ranges/).fill('127.0.0.1, 2001:db8::/48');
    await page.getByRole('button', { name: 'Make a token' }).click();
    const shown = page.locator('section[role=status] code');
    await shown.waitFor();
    const token = await shown.innerText();
    const send = (): Promise<Response> => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'text/plain' };
      const target = `http://127.0.0.1:${wanglou.ports.intake}/ingest`;
      return fetch(target, { method: 'POST', headers, body: 'sent with a token of its own' });
    };
    await eventually(send, ({ status }) => status === 200);
    await page.reload();
    expect(await page.locator('body').innerText()).not.toContain(token);
    const made = page.locator('tr[data-token]').first();
    expect(await made.innerText()).toContain('2001:db8::/48');
    await made.getByRole('button', { name: 'Revoke' }).click();
    await made.getByRole('button', { name: 'Keep it' }).click();
    expect((await send()).status).toBe(200);
    await made.getByRole('button', { name: 'Revoke' }).click();
    await made.getByRole('button', { name: 'Revoke it' }).click();
    await made.getByText('revoked by operator').waitFor();
    expect((await eventually(send, ({ status }) => status !== 200)).status).toBe(401);
    await open('#/audit?action=token.revoke', 'en');
    const recorded = page.locator('tr[data-audit]').getByText('ingest token revoked');
    // The page does not ask again by itself, and the record is in the store a moment after it is in the log.
    await eventually(
      async () => {
        await page.getByRole('button', { name: 'Refresh' }).click();
        return recorded.count();
      },
      (count) => count === 1,
    );
  });

  it('have each a page with its gap, and the lines that could not be read as harmless text', async () => {
    await new Promise<void>((done) => {
      const socket = connect(wanglou.ports.syslog, '127.0.0.1', () => socket.end(`${HOSTILE}\n`, () => done()));
    });
    await eventually(
      () => api<{ unparsed?: object[] }>('sources/aid-db'),
      ({ unparsed = [] }) => unparsed.length > 0,
    );
    await open('#/sources/aid-db', 'zh');
    const gap = page.locator('[data-gap]');
    await gap.waitFor();
    expect(await gap.innerText()).toMatch(/1 小时|5\d 分钟/);
    expect(await gap.innerText()).toContain('没有对应的静默发现');
    const sample = page.locator('[data-reason] pre');
    await sample.first().waitFor();
    expect(await sample.first().innerText()).toBe(
      '<img src=x onerror="document.title=1"> \\u{202e}gnp.exe \\u{001b}[31m',
    );
    expect(await page.title()).not.toBe('1');
    await page.locator('[data-reason]').getByRole('button', { name: '复制' }).click();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(HOSTILE);
    await page.getByText('未登记').first().waitFor();
    await page.getByText('日志源静默', { exact: true }).waitFor();
  });

  it('say the same in English, over other spans too, and lead to the whole ledger of a source', async () => {
    await open('#/sources/aid-db?span=week', 'en');
    await page.getByRole('heading', { name: 'Aid database' }).waitFor();
    await page.getByRole('heading', { name: 'Events per 10 minutes' }).waitFor();
    await page.getByRole('button', { name: '90 days' }).click();
    await page.getByRole('heading', { name: 'Events an hour' }).waitFor();
    expect(page.url()).toContain('span=quarter');
    expect(await page.locator('a[href="#/coverage?source=aid-db"]').count()).toBe(1);
    await page.getByRole('link', { name: 'Civil Affairs Bureau' }).waitFor();
    await open('#/sources/nobody%2Fknows', 'en');
    await page.getByText('There is no such source').waitFor();
  });
});
