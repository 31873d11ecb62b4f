import { execFileSync } from 'node:child_process';
import { cpus, release } from 'node:os';
import { Command } from 'commander';
import { detectors } from '../../detectors/index.ts';
import { match } from './detection/match.ts';
import { play } from './detection/play.ts';
import { falseOf, markdownOf, missedOf, rowsOf, type Round } from './detection/report.ts';

/** Precision and recall of the detectors on simulated days: `npm run bench:detection`. */

/** Each seed lives through another time of the year: an ordinary week's end, a make-up workday, days before a holiday. */
const DAYS = [
  ['2026-11-20', '2026-11-21'],
  ['2026-09-30', '2026-10-01'],
  ['2026-09-18', '2026-09-19'],
  ['2026-10-10', '2026-10-11'],
  ['2026-06-26', '2026-06-27'],
];

const options = new Command('bench:detection')
  .option('--seeds <list>', 'comma-separated', '1,2,3,4,5')
  .option('--volume <n>', 'lines of a workday', '120000')
  .option('--json', 'only the JSON report', false)
  .parse()
  .opts<{ seeds: string; volume: string; json: boolean }>();

const began = performance.now();
const seeds = options.seeds.split(',').map(Number);
const rounds: Round[] = seeds.map((seed, n) => {
  const played = play({ detectors, seed, days: DAYS[n % DAYS.length]!, volume: Number(options.volume) });
  const matched = match(played);
  const label = `${played.historyLines + played.lines} lines, ${played.findings.length} findings`;
  if (!options.json) console.error(`seed ${seed}, ${played.days.join(' and ')}: ${label}`);
  return { played, matched };
});
const rows = rowsOf(
  rounds,
  detectors.map(({ name }) => name),
);
const report = {
  at: new Date().toISOString(),
  commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
  command: `npm run bench:detection -- --seeds ${options.seeds} --volume ${options.volume}`,
  machine: { cores: cpus().length, cpu: cpus()[0]?.model ?? '', kernel: release() },
  versions: { node: process.version },
  seconds: Math.round((performance.now() - began) / 100) / 10,
  rounds: rounds.map(({ played, matched }) => ({
    seed: played.seed,
    days: played.days,
    lines: played.lines,
    historyLines: played.historyLines,
    unread: played.unread,
    findingsInHistory: matched.inHistory,
    sideFindings: matched.side.length,
    parked: played.parked,
  })),
  detectors: rows,
  missed: missedOf(rounds),
  falseFindings: falseOf(rounds),
};
console.log(JSON.stringify(report, null, 2));
if (!options.json) console.log(`\n${markdownOf(rows, rounds)}`);
if (rounds.some(({ played }) => played.parked.length > 0 || played.unread > 0)) process.exitCode = 1;
