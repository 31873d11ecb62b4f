import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { failedPassword } from '../../../demo/lines/sshd.ts';
import { rfc5424 } from '../../../demo/lines/syslog.ts';
import { openBrowser } from '../../browser/chromium.ts';
import { buildPage } from '../../browser/page-server.ts';
import { frameTimes, usageOf, watchFrames, type PageUsage } from '../../browser/page-usage.ts';
import { eventually, type RunningWanglou } from '../../integration/wanglou.ts';
import { verify, type BenchContext, type Measured, type Scenario } from '../bench.ts';
import { startSending } from '../load-process.ts';
import { askStore, withPlatform } from '../platform.ts';

/** In 60 s, when the machine takes so many; as many in proportion when asked to be shorter. */
const EVENTS = 1_000_000;
const SECONDS = 60;
/** The store may be behind by as much, and a slow machine is asked again so often. */
const STORED_WITHIN_MS = 180_000;
/** Each is ten failed sign-ins of an account of its own. */
const FINDINGS_PER_SECOND = 4;
/** Before the first measurement: as many findings as the feed keeps, so that no bounded list is still filling. */
const FINDINGS_BEFORE = 500;
/** The last rates and scores are on the page, and what was queued is stored. */
const SETTLE_MS = 6_000;

export const scenarios: Scenario[] = [
  { name: 'wall', hash: '#/wall?turn=5', shown: '[data-slide]' },
  { name: 'home', hash: '#/', shown: 'li[data-finding]' },
  { name: 'findings', hash: '#/findings', shown: 'li[data-finding]' },
].map(({ name, hash, shown }) => ({
  id: `open-${name}`,
  title: `The page ${hash} open in Chromium while 1,000,000 events pass: heap after it, less before`,
  unit: 'MB',
  repeat: 1,
  lowerIsBetter: true,
  run: (context) => openPage(context, hash, shown),
}));

function openPage(context: BenchContext, hash: string, shown: string): Promise<Measured> {
  buildPage();
  return withPlatform({}, async (platform) => {
    const browser = await openBrowser({ width: 1920, height: 1080 });
    const socket = connect({ host: '127.0.0.1', port: platform.ports.syslog });
    try {
      await once(socket, 'connect');
      const page = browser.context.pages()[0]!;
      const findings = await prepare(page, platform, socket, hash, shown);
      const before = await usageOf(page);
      await watchFrames(page);
      const { midway, events } = await whileEventsPass(page, platform, context.seconds, findings);
      const frames = await frameTimes(page);
      const stored = await eventually(
        async () => Number(await askStore(platform, 'SELECT count() FROM events')),
        (count) => count >= events,
        STORED_WITHIN_MS,
      );
      await pause(SETTLE_MS);
      const after = await usageOf(page);
      verify((await page.locator(shown).count()) > 0, 'the page still shows what it showed');
      return {
        value: after.heapMb - before.heapMb,
        checked: `${events} events sent, ${stored} stored, ${findings.raised - FINDINGS_BEFORE} findings raised meanwhile`,
        details: {
          'heap MB before, midway, after': inTurn([before, midway, after], ({ heapMb }) => heapMb.toFixed(1)),
          'DOM nodes': inTurn([before, midway, after], ({ nodes }) => nodes),
          listeners: inTurn([before, midway, after], ({ listeners }) => listeners),
          'frame ms p50, p99, max': `${frames.p50}, ${frames.p99}, ${frames.max}`,
          'frames over 50 ms': `${frames.over50} of ${frames.frames}`,
          browser: await page.evaluate<string>('/Chrome\\/\\S+/.exec(navigator.userAgent)[0]'),
        },
      };
    } finally {
      socket.destroy();
      await browser.close();
    }
  });
}

interface Findings {
  raised: number;
  raise: () => void;
}

/** Signs in, fills the feed with findings, and opens the page. */
async function prepare(page: Page, platform: RunningWanglou, socket: Socket, hash: string, shown: string) {
  const findings: Findings = {
    raised: 0,
    raise: () => {
      const n = findings.raised++;
      socket.write(Array.from({ length: 10 }, () => failureOf(`guesser${n}`, n)).join(''));
    },
  };
  const url = `http://127.0.0.1:${platform.ports.web}/`;
  await page.goto(`${url}#code=${platform.code}`);
  await page.locator('header nav').waitFor();
  for (let n = 0; n < FINDINGS_BEFORE; n++) findings.raise();
  await page.locator('li[data-finding]').first().waitFor();
  await pause(SETTLE_MS);
  await page.goto(url + hash);
  await page.locator(shown).first().waitFor();
  await pause(SETTLE_MS);
  return findings;
}

async function whileEventsPass(
  page: Page,
  platform: RunningWanglou,
  seconds: number,
  findings: Findings,
): Promise<{ midway: PageUsage; events: number }> {
  const wanted = EVENTS * Math.min(1, seconds / SECONDS);
  const raising = setInterval(findings.raise, 1_000 / FINDINGS_PER_SECOND);
  let events = 0;
  let midway: PageUsage | undefined;
  try {
    while (events < wanted) {
      events += await sendFor(platform, seconds / 4, EVENTS / SECONDS);
      if (midway === undefined && events >= wanted / 2) midway = await usageOf(page);
    }
    return { midway: midway!, events };
  } finally {
    clearInterval(raising);
  }
}

/** @returns how many lines were taken. */
async function sendFor(platform: RunningWanglou, seconds: number, rate: number): Promise<number> {
  const load = startSending({ mix: 'syslog', port: platform.ports.syslog, seconds, rate, block: 100 });
  try {
    return (await load.sent).lines;
  } finally {
    load.stop();
  }
}

function failureOf(account: string, n: number): string {
  const of = { atMs: Date.now(), host: 'gate', account, address: `10.201.${(n >> 8) & 255}.${n & 255}`, port: 40_000 };
  const message = failedPassword(of);
  return `${rfc5424(86, of.atMs, of.host, 'sshd', 4_000, message.slice(message.indexOf(']: ') + 3))}\n`;
}

function inTurn(usages: readonly PageUsage[], of: (usage: PageUsage) => string | number): string {
  return usages.map(of).join(', ');
}
