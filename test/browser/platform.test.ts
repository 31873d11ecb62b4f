import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWanglou, type RunningWanglou } from '../integration/wanglou.ts';
import { openBrowser } from './chromium.ts';
import { buildPage } from './page-server.ts';

/** The whole way with nothing invented: `logger` → collector → log → detector → feed → Chromium. */
let wanglou: RunningWanglou;
let browser: Awaited<ReturnType<typeof openBrowser>>;

beforeAll(async () => {
  buildPage();
  [wanglou, browser] = await Promise.all([startWanglou(), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await wanglou.stop();
});

it('shows what real log lines add up to, in the browser, without a reload, in both languages', async () => {
  const page = await browser.context.newPage();
  let loads = 0;
  page.on('load', () => loads++);
  await page.goto(`http://127.0.0.1:${wanglou.ports.web}/#code=${wanglou.code}`);
  await page.getByText('目前没有发现').waitFor();
  for (let n = 0; n < 12; n++) guess('root', '203.0.113.9');
  const row = page.locator('li[data-finding]').first();
  await row.waitFor();
  expect(await row.innerText()).toMatch(/口令暴力破解\s+账号 root 从 203\.0\.113\.9 /);
  expect(loads).toBe(1);
  await row.getByRole('link').first().click();
  await page.locator('main').getByText('Failed password for root from 203.0.113.9 port 4711 ssh2').first().waitFor();
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Password guessing' }).waitFor();
  expect(await page.locator('article').innerText()).toContain('root');
  expect(loads).toBe(1);
});

function guess(account: string, address: string): void {
  const text = `Failed password for ${account} from ${address} port 4711 ssh2`;
  const to = ['-n', '127.0.0.1', '-T', '-P', String(wanglou.ports.syslog), '-t', 'sshd', '-i'];
  expect(spawnSync('logger', [...to, text], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
}
