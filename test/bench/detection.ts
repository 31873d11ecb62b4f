import { execFileSync } from 'node:child_process';
import { cpus, release } from 'node:os';
import { Command } from 'commander';
import { PLOTS } from '../../demo/season/incidents/index.ts';
import { detectors } from '../../detectors/index.ts';
import { CORRELATIONS } from '../../src/finding/correlations.ts';
import { match } from './detection/match.ts';
import { play } from './detection/play.ts';
import { falseOf, markdownOf, missesOf, rowsOf, summaryOf } from './detection/report.ts';

/** Precision, recall and time to detect over a simulated season: `npm run bench:detection`. */

const options = new Command('bench:detection')
  .option('--days <n>', 'days with labelled incidents', '90')
  .option('--lead-in <n>', 'days of ordinary life that the platform has watched before', '91')
  .option('--first <date>', 'first day, YYYY-MM-DD', '2026-07-15')
  .option('--seed <n>', 'which city and season', '1')
  .option('--volume <n>', 'lines of a workday', '24000')
  .option('--analysts <n>', 'people who share the findings', '8')
  .option('--json', 'only the JSON report', false)
  .parse()
  .opts<Record<'days' | 'leadIn' | 'first' | 'seed' | 'volume' | 'analysts', string> & { json: boolean }>();

const began = performance.now();
const analysts = Number(options.analysts);
const world = {
  seed: Number(options.seed),
  first: options.first,
  days: Number(options.days),
  leadInDays: Number(options.leadIn),
};
let told = began;
const played = await play({
  ...world,
  detectors,
  volume: Number(options.volume),
  onDay: (day, lines) => {
    if (options.json || performance.now() - told < 10_000) return;
    told = performance.now();
    console.error(`${day}: ${lines} lines`);
  },
});
const matched = match(played);
const rows = rowsOf(played, matched, [...detectors.map(({ name }) => name), ...CORRELATIONS.map(({ name }) => name)]);
const summary = summaryOf(played, matched, analysts);
const report = {
  at: new Date().toISOString(),
  commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
  command: `npm run bench:detection -- --days ${world.days} --lead-in ${world.leadInDays} --first ${world.first} --seed ${world.seed} --volume ${options.volume}`,
  machine: { cores: cpus().length, cpu: cpus()[0]?.model ?? '', kernel: release() },
  versions: { node: process.version },
  seconds: Math.round((performance.now() - began) / 100) / 10,
  ...world,
  lines: played.lines,
  leadInLines: played.leadInLines,
  unread: played.unread,
  analysts,
  foundBefore: played.foundBefore,
  parked: played.parked,
  /** Detectors for which no wrongdoing is staged. */
  withoutIncidents: detectors.flatMap(({ name }) => (PLOTS.some((plot) => plot.name === name) ? [] : [name])),
  unstaged: played.season.unstaged,
  lost: played.season.labels.flatMap(({ id }) => (played.season.shown.has(id) ? [] : [id])),
  summary,
  detectors: rows,
  misses: missesOf(matched),
  falseFindings: falseOf(matched),
};
console.log(JSON.stringify(report, null, 2));
if (!options.json) console.log(`\n${markdownOf(summary, rows, matched, analysts)}`);
if (played.parked.length > 0) process.exitCode = 1;
