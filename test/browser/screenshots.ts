import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { startSending } from '../bench/load-process.ts';
import { eventually } from '../integration/wanglou.ts';
import { tellOfMishaps, workAsAuditor } from './auditors-work.ts';
import { openBrowser } from './chromium.ts';
import { startPage } from './page-server.ts';
import { CITY_SUBJECTS, startSmallCity } from './small-city.ts';
import { lookAs, openAll, subjectsOf, VIEWS, visit, type Look, type Subjects, type View } from './views.ts';

/**
 * Takes pictures of the web app.
 *
 *   node test/browser/screenshots.ts http://127.0.0.1:8080 <code> docs/screenshots   of a running Wanglou, for the README
 *   npm run screenshots [-- <views> [folder]]       of a small city of its own: every page, or those named `home,asset`
 */
const FOLDER = 'test/.cache/screenshots';

interface Size {
  width: number;
  height: number;
}

const LOOKS: readonly Look[] = (['zh', 'en'] as const).flatMap((language) =>
  (['dark', 'light'] as const).map((theme) => ({ language, theme })),
);
const SIZES: readonly Size[] = [
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
];

const FOR_README: readonly (Look & { name: string; view: string; opened: boolean })[] = [
  { name: 'live-zh', language: 'zh', theme: 'dark', view: 'home', opened: false },
  { name: 'live-en', language: 'en', theme: 'light', view: 'findings', opened: true },
];

/** Signs in with the code and takes the pictures that the README shows. */
export async function takeScreenshots(url: string, code: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const { context, close } = await openBrowser();
  try {
    const page = context.pages()[0]!;
    await page.goto(`${url}/#code=${code}`);
    await page.locator('li[data-finding]').first().waitFor();
    for (const { name, view, opened, ...look } of FOR_README) {
      await lookAs(page, look);
      const wanted = VIEWS.find((one) => one.name === view)!;
      await visit(page, wanted, NOBODY);
      if (opened) await openAll(page, wanted);
      await settle(page);
      await page.screenshot({ path: join(folder, `${name}.png`) });
    }
  } finally {
    await close();
  }
}

const NOBODY: Subjects = {
  finding: '',
  incident: '',
  actor: '',
  asset: '',
  vendor: '',
  department: '',
  source: '',
  detector: '',
  report: '',
};

/** Every view in every look and size, of a city that lives meanwhile. */
async function ofCity(views: readonly View[], folder: string): Promise<void> {
  const city = await startSmallCity({ hostile: false });
  const load = startSending({
    mix: 'json',
    port: city.ports.intake,
    token: city.token('ingest'),
    seconds: 3_600,
    rate: 120,
    block: 10,
  });
  const { context, close } = await openBrowser();
  try {
    const url = `http://127.0.0.1:${city.ports.web}`;
    const of = await eventually(
      () => subjectsOf(url, city.token('api'), CITY_SUBJECTS),
      ({ incident }) => incident !== '',
    );
    const page = context.pages()[0]!;
    await page.goto(`${url}/#code=${city.code}`);
    await page.locator('li[data-finding]').first().waitFor();
    const report = await workAsAuditor(page, of);
    await tellOfMishaps(page);
    await page.waitForTimeout(10_000); // rates and scores get their first points
    for (const look of LOOKS) {
      await lookAs(page, look);
      for (const view of views) await ofView(page, view, { ...of, report }, look, folder);
    }
  } finally {
    load.stop();
    await close();
    await city.stop();
  }
}

async function ofView(page: Page, view: View, of: Subjects, look: Look, folder: string): Promise<void> {
  await visit(page, view, of);
  for (const opened of view.open === undefined ? [false] : [false, true]) {
    if (opened) await openAll(page, view);
    await inSizes(page, `${view.name}${opened ? '-open' : ''}`, look, folder);
  }
}

/** What no running platform shows for long: nobody signed in, nothing there yet, and the server gone. */
async function ofStates(folder: string): Promise<void> {
  const server = await startPage();
  const { context, close } = await openBrowser();
  try {
    const page = context.pages()[0]!;
    for (const look of LOOKS) {
      await context.clearCookies();
      await page.goto(server.url);
      await lookAs(page, look);
      await page.locator('form').waitFor();
      await inSizes(page, 'sign-in', look, folder);
      await page.goto(await server.invitation());
      await page.locator('header nav').waitFor();
      for (const name of ['home', 'findings', 'wall'])
        await ofView(
          page,
          { ...VIEWS.find((view) => view.name === name)!, name: `${name}-empty`, loaded: 'main' },
          NOBODY,
          look,
          folder,
        );
      await server.pause();
      await page.locator('[role=alert], .banner .bad').first().waitFor();
      for (const name of ['wall', 'home']) {
        await visit(page, { ...VIEWS.find((view) => view.name === name)!, loaded: 'main' }, NOBODY);
        await inSizes(page, `${name}-disconnected`, look, folder);
      }
      await server.resume();
    }
  } finally {
    await close();
    await server.stop();
  }
}

async function inSizes(page: Page, name: string, { language, theme }: Look, folder: string): Promise<void> {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await settle(page);
    await page.screenshot({ path: join(folder, `${name}-${language}-${theme}-${size.width}.png`) });
  }
}

/** Charts are drawn, what was asked for has come. */
async function settle(page: Page): Promise<void> {
  await page.waitForTimeout(600);
}

if (import.meta.main) {
  const [first = '', second, third = 'docs/screenshots'] = process.argv.slice(2);
  if (first.startsWith('http') && second !== undefined) await takeScreenshots(first, second, third);
  else {
    const folder = resolve(second ?? FOLDER);
    mkdirSync(folder, { recursive: true });
    const views = VIEWS.filter(({ name }) => first === '' || first.split(',').includes(name));
    await ofCity(views, folder);
    if (first === '') await ofStates(folder);
    console.log(`screenshots: ${folder}`);
  }
}
