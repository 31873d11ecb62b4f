import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { WanglouError } from '../src/errors.ts';
import { DayPlan } from './activity/day-plan.ts';
import { addDays, dayOf, DAY, daysBetween, isoTime, lastWorkday, minuteOfDay, startOfDay } from './calendar.ts';
import { dayLines, DEFAULT_VOLUME, endlessLines } from './day.ts';
import { DayReport, type Api } from './day-report.ts';
import { historyWithSignIns } from './history.ts';
import { labels, type Label } from './incidents.ts';
import { buildPlatform, type Platform } from './platform.ts';
import { REGISTRY_MARK, writeRegistry } from './registry.ts';
import { coveringRegistry } from './season/registry.ts';
import { worldAround } from './season/world.ts';
import { Sender, type Pace, type Progress, type Sent, type Target } from './send.ts';

export interface DemoOptions {
  host: string;
  ports: { syslog: number; intake: number };
  token: string;
  /** Where the platform's findings are read, to say at the day's end what was found. */
  api: Api;
  /** Folder of followed log files, when the platform follows one. */
  fileFolder?: string;
  seed: number;
  /** How many times faster than life the day runs; default: fast nights, the working day in about eight minutes. */
  speed?: number;
  /** The simulated day, `YYYY-MM-DD`; default the last workday that is over. */
  day?: string;
  /** Lines of a workday, roughly. */
  volume?: number;
  signal: AbortSignal;
  print: (line: string) => void;
  /** Wall clock, ms. */
  now?: () => number;
}

/**
 * Writes the demo's registry where the platform reads its registry.
 * @throws WanglouError WL_REGISTRY_INVALID when a registry is there that the demo has not written.
 */
export async function writeDemoRegistry(folder: string, seed: number, day = lastWorkday(Date.now())): Promise<void> {
  const present = join(folder, 'accounts.yaml');
  if (existsSync(present) && !readFileSync(present, 'utf8').startsWith(REGISTRY_MARK))
    throw new WanglouError('WL_REGISTRY_INVALID', `${folder} holds a registry that the demo has not written`, {
      remedy: 'Give the demo a data directory of its own: set WANGLOU_DATA_DIR.',
    });
  const platform = buildPlatform(seed, day);
  writeRegistry(folder, platform, coveringRegistry(worldAround(platform)));
}

/** Five weeks of history at once, the last workday in minutes, then the time since and life as it goes on. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const now = options.now ?? Date.now;
  const day = options.day ?? lastWorkday(now());
  const platform = buildPlatform(options.seed, day);
  const volume = options.volume ?? DEFAULT_VOLUME;
  const play = playing(options);
  await play('history', `demo/${options.seed}/${day}/history`, historyWithSignIns(platform), { speed: () => Infinity });
  const run = `demo/${options.seed}/${now()}`;
  const speed = options.speed;
  const announce = announcing(platform, [day], options.print);
  const report = new DayReport(labels(new DayPlan(platform, day)), options.api);
  await play(day, `${run}/${day}`, dayLines(platform, day, { volume }), {
    speed: (atMs) => speed ?? usualSpeed(atMs),
    onLine: (line) => {
      announce(line);
      report.saw(line);
    },
  });
  if (!options.signal.aborted)
    options.print(
      await report.text(options.signal).catch((error: unknown) => `  demo: no report of the day: ${String(error)}`),
    );
  const caughtUp = now();
  for (const past of daysBetween(addDays(day, 1), dayOf(caughtUp))) {
    const lines = until(dayLines(platform, past, { volume }), caughtUp);
    await play(past, `${run}/${past}`, lines, { speed: () => CATCH_UP_SPEED });
  }
  const today = [dayOf(caughtUp), addDays(dayOf(caughtUp), 1)];
  await play('real time', `${run}/live`, endlessLines(platform, caughtUp, volume), {
    speed: realTime(now),
    onLine: announcing(platform, today, options.print),
  });
}

const CATCH_UP_SPEED = 20_000;

/** The night in seconds, the working day in minutes. */
function usualSpeed(atMs: number): number {
  const minute = minuteOfDay(atMs);
  return minute < 450 || minute >= 1200 ? 600 : 100;
}

/** Real time; what time was lost while catching up is made good. */
function realTime(now: () => number): (atMs: number) => number {
  return (atMs) => (now() - atMs > 2_000 ? 50 : 1);
}

function playing(
  options: DemoOptions,
): (
  title: string,
  key: string,
  lines: Iterable<Parameters<NonNullable<Pace['onLine']>>[0]>,
  pace: Pace,
) => Promise<void> {
  const { host, ports, token, fileFolder, signal, print } = options;
  const target: Target = { host, ports, token, signal, ...(fileFolder === undefined ? {} : { fileFolder }) };
  return async (title, key, lines, pace) => {
    if (signal.aborted) return;
    const sender = new Sender(target, key);
    try {
      const sent = await sender.send(lines, { ...pace, onProgress: reporting(title, print) });
      if (!signal.aborted) print(summary(title, sent));
    } catch (error) {
      if (!signal.aborted) print(`  demo: ${title} ended: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      await sender.stop();
    }
  };
}

/** One line every ten seconds; in real time none. */
function reporting(title: string, print: (line: string) => void): (progress: Progress) => void {
  let calls = 0;
  return ({ simulatedMs, lines, linesPerSecond }) => {
    if (title === 'real time' || ++calls % 10 !== 1) return;
    const rate = Math.round(linesPerSecond).toLocaleString('en');
    const left = startOfDay(dayOf(simulatedMs)) + DAY - simulatedMs;
    const rest = title === 'history' ? '' : `, ${(left / 3_600_000).toFixed(1)} h of the day left`;
    print(`  demo: ${isoTime(simulatedMs).slice(0, 16)}, ${lines.toLocaleString('en')} lines, ${rate} lines/s${rest}`);
  };
}

function summary(title: string, { lines, acknowledged, wallMs }: Sent): string {
  const rate = Math.round((lines * 1_000) / Math.max(1, wallMs)).toLocaleString('en');
  const missing = lines === acknowledged ? '' : `, ${lines - acknowledged} not acknowledged`;
  return `  demo: ${title} sent: ${lines.toLocaleString('en')} lines in ${(wallMs / 1_000).toFixed(1)} s, ${rate} lines/s${missing}`;
}

/** Says what is being done as it begins, so that one can watch for it on the page. */
function announcing(
  platform: Platform,
  days: readonly string[],
  print: (line: string) => void,
): Pace['onLine'] & object {
  const waiting = new Map<string, Label>(
    days.flatMap((day) => labels(new DayPlan(platform, day))).map((label) => [label.id, label]),
  );
  return ({ atMs, incident }) => {
    const label = incident === '' ? undefined : waiting.get(incident);
    if (!label) return;
    waiting.delete(incident);
    const quiet = label.expected ? '' : ' (outside the definition: no finding expected)';
    print(`  ${isoTime(atMs).slice(11, 16)} ${label.detector}: ${label.why.zh} | ${label.why.en}${quiet}`);
  };
}

function* until<T extends { atMs: number }>(lines: Iterable<T>, endMs: number): Generator<T> {
  for (const line of lines) {
    if (line.atMs >= endMs) return;
    yield line;
  }
}

if (process.argv[1] === import.meta.filename) {
  const program = new Command('demo');
  program
    .command('lines')
    .description('print the lines of a simulated day')
    .option('--seed <n>', 'which platform and day', '7')
    .option('--day <date>', 'YYYY-MM-DD', lastWorkday(Date.now()))
    .option('--count <n>', 'how many lines', '1000')
    .option('--source <id>', 'only this source')
    .action((options: { seed: string; day: string; count: string; source?: string }) => {
      let left = Number(options.count);
      for (const { line, source } of dayLines(buildPlatform(Number(options.seed), options.day), options.day)) {
        if (options.source !== undefined && source !== options.source) continue;
        if (left-- <= 0) break;
        process.stdout.write(`${line}\n`);
      }
    });
  await program.parseAsync();
}
