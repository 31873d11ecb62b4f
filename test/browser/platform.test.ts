import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readInDuckDb } from '../exports/duckdb.ts';
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

it('gives what was hunted for as a file, which opens elsewhere with the digest that the page shows', async () => {
  const page = await browser.context.newPage();
  await page.goto(`http://127.0.0.1:${wanglou.ports.web}/#/hunting?span=24h`);
  guess('export-me', '203.0.113.10');
  const run = page.locator('form[role=search] > .primary');
  await expect.poll(async () => {
    await run.click();
    await page.locator('main[data-state=done]').waitFor();
    return Number(await page.locator('[data-total]').innerText());
  }, { timeout: 60_000 }).toBeGreaterThan(0); // prettier-ignore
  await page.locator('.export-menu summary').click();
  await page.locator('.export-menu select').selectOption('parquet');
  await page.locator('.export-menu [data-rows]').waitFor();
  await page.locator('.export-menu .primary').click();
  const row = page.locator('tr[data-export][data-state=done]');
  await row.waitFor({ timeout: 60_000 });
  const [download] = await Promise.all([page.waitForEvent('download'), row.locator('a[download]').first().click()]);
  const path = await download.path();
  const rows = await readInDuckDb(path, 'parquet', "SELECT count(*)::INT AS rows FROM t WHERE message LIKE '%export-me%'"); // prettier-ignore
  expect(rows[0]!['rows']).toBeGreaterThan(0);
  const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
  expect(await row.locator('code').getAttribute('title')).toBe(digest);
});

it('gives the result of a query in SQL as a file, and says of one that is refused what the check says', async () => {
  const page = await browser.context.newPage();
  const open = (sql: string): Promise<unknown> =>
    page.goto(`http://127.0.0.1:${wanglou.ports.web}/#/hunting/sql?sql=${encodeURIComponent(sql)}`);
  await open('SELECT file(1)');
  await page.locator('.export-menu summary').click();
  await page
    .locator('.export-menu [role=alert]')
    .getByText(/file（第 1 行第 8 列）|file \(line 1, column 8\)/)
    .waitFor();
  expect(await page.locator('.export-menu .primary').isDisabled()).toBe(true);
  await page.locator('textarea').fill("SELECT 'wanglou' AS who, toUInt64(42) AS n, now() AS ran");
  await page.locator('.export-menu summary').click(); // to write elsewhere has closed it
  await page.locator('.export-menu select').selectOption('parquet');
  await page.locator('.export-menu .primary').click();
  const row = page.locator('tr[data-export][aria-current][data-state=done]');
  await row.waitFor({ timeout: 60_000 });
  expect(await row.innerText()).toMatch(/SQL.* · Parquet/);
  const [download] = await Promise.all([page.waitForEvent('download'), row.locator('a[download]').first().click()]);
  const path = await download.path();
  expect(await readInDuckDb(path, 'parquet', 'SELECT who, n::INT AS n, ran > now() - INTERVAL 1 HOUR AS fresh FROM t')).toEqual(
    [{ who: 'wanglou', n: 42, fresh: true }],
  ); // prettier-ignore
});

function guess(account: string, address: string): void {
  const text = `Failed password for ${account} from ${address} port 4711 ssh2`;
  const to = ['-n', '127.0.0.1', '-T', '-P', String(wanglou.ports.syslog), '-t', 'sshd', '-i'];
  expect(spawnSync('logger', [...to, text], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
}
