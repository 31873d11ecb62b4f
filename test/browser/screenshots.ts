import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openBrowser } from './chromium.ts';
import { startPage } from './page-server.ts';
import { pretend, sourceName } from './pretend-platform.ts';

/**
 * Takes the screenshots of the live page.
 *
 *   node test/browser/screenshots.ts http://127.0.0.1:8080 <code> docs/screenshots   of a running Wanglou, for the README
 *   node test/browser/screenshots.ts                                                 of an invented one, in every variant
 */
interface Shot {
  name: string;
  language: 'zh' | 'en';
  theme: 'light' | 'dark';
  width: number;
  height: number;
  /** Whether a finding is opened. */
  opened: boolean;
}

const FOR_README: readonly Shot[] = [
  { name: 'live-zh', language: 'zh', theme: 'dark', width: 1366, height: 768, opened: false },
  { name: 'live-en', language: 'en', theme: 'light', width: 1366, height: 768, opened: true },
];

const EVERY: readonly Shot[] = (['zh', 'en'] as const).flatMap((language) =>
  (['light', 'dark'] as const).flatMap((theme) =>
    [
      [1366, 768],
      [1920, 1080],
    ].flatMap(([width, height]) =>
      [false, true].map((opened) => ({
        name: `${language}-${theme}-${width}${opened ? '-open' : ''}`,
        language,
        theme,
        width: width!,
        height: height!,
        opened,
      })),
    ),
  ),
);

/** Signs in with the code and takes the shots, one PNG each. */
export async function takeScreenshots(
  url: string,
  code: string,
  folder: string,
  shots: readonly Shot[],
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const { context, close } = await openBrowser();
  try {
    const page = context.pages()[0]!;
    await page.goto(`${url}/#code=${code}`);
    await page.locator('li[data-finding]').first().waitFor();
    for (const shot of shots) await take(page, shot, folder);
  } finally {
    await close();
  }
}

async function take(page: Page, shot: Shot, folder: string): Promise<void> {
  await page.setViewportSize({ width: shot.width, height: shot.height });
  await page.evaluate(
    ({ language, theme }) => {
      localStorage.setItem('wanglou.language', language);
      localStorage.setItem('wanglou.theme', theme);
    },
    { language: shot.language, theme: shot.theme },
  );
  await page.goto(`${page.url().split('#')[0]!}#/${shot.opened ? 'findings' : ''}`);
  await page.reload();
  await page.locator('li[data-finding]').nth(1).waitFor();
  if (shot.opened) {
    await page.locator('li[data-finding] > button').nth(1).click();
    await page.locator('.why pre').first().waitFor();
  } else await page.locator('.chart canvas').waitFor();
  await page.waitForTimeout(3_000); // the mark of new findings fades, the chart gets its first points
  await page.screenshot({ path: join(folder, `${shot.name}.png`) });
}

if (import.meta.main) {
  const [url, code, folder = 'docs/screenshots'] = process.argv.slice(2);
  if (url !== undefined && code !== undefined) await takeScreenshots(url, code, folder, FOR_README);
  else await ofInvented();
}

async function ofInvented(): Promise<void> {
  const server = await startPage({ sourceName });
  const platform = pretend(server, 4_000);
  await new Promise((resume) => setTimeout(resume, 5_000));
  const only = process.env['SHOT'];
  const shots = EVERY.filter(({ name }) => only === undefined || name === only);
  await takeScreenshots(server.url, await server.access.drawCode(), 'test/.cache/screenshots', shots);
  platform.stop();
  await server.stop();
}
