import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { idleMachine, loadScenarios, percentile, type BenchContext, type Measured, type Scenario } from './bench.ts';
import { markdown } from './markdown.ts';

/**
 * `npm run bench -- [--only id,id] [--seconds 60] [--out report.json]`: prints one JSON report, and its table to stderr.
 * `npm run bench -- --only history [--events 100000000] [--keep folder]` asks a year of events, and fills the store first.
 */
const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    seconds: { type: 'string', default: '60' },
    out: { type: 'string' },
    events: { type: 'string', default: '100000000' },
    keep: { type: 'string' },
  },
});

export interface Row {
  id: string;
  title: string;
  unit: string;
  median?: number;
  min?: number;
  max?: number;
  limit?: string;
  /** Share of the limit that was reached. */
  limitFraction?: number;
  checked?: string;
  details?: Record<string, number | string>;
  /** µs of the JavaScript threads an event by stage, sampled. */
  stages?: Record<string, number>;
  idleBefore?: number[];
  failed?: string;
}

export interface Report {
  at: string;
  commit: string;
  command: string;
  machine: Record<string, string | number>;
  versions: Record<string, string>;
  limits: Row[];
  results: Row[];
}

// What the scenarios started ends with this process: some of it only when told by `exit`.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

const rows = new Map<string, Row>();
const context: BenchContext = {
  seconds: Number(options.seconds),
  events: Number(options.events),
  keep: options.keep,
  limit: (id) => rows.get(id)?.median ?? 0,
  progress: (line) => console.error(line),
};

const all = await loadScenarios();
const wanted = options.only?.split(',');
const chosen = wanted
  ? all.filter(
      ({ id, group, limit }) =>
        wanted.includes(id) || wanted.includes(group ?? '') || wanted.some((w) => limitOf(w) === id || limit === w),
    )
  : all.filter(({ group }) => group === undefined);
if (chosen.length === 0) {
  console.error(`no scenario is called ${options.only ?? ''}; there are: ${all.map(({ id }) => id).join(', ')}`);
  process.exit(1);
}
// Limits first: the others are compared to them.
for (const scenario of chosen.toSorted((a, b) => Number(b.id.startsWith('limit-')) - Number(a.id.startsWith('limit-'))))
  rows.set(scenario.id, await measure(scenario));

const report: Report = {
  at: new Date().toISOString(),
  commit: git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') === '' ? '' : '+'),
  command: `npm run bench -- ${process.argv.slice(2).join(' ')}`.trim(),
  machine: machine(),
  versions: versions(),
  limits: [...rows.values()].filter(({ id }) => id.startsWith('limit-')),
  results: [...rows.values()].filter(({ id }) => !id.startsWith('limit-')),
};
console.log(JSON.stringify(report, null, 2));
console.error(`\n${markdown(report)}`);
if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(report, null, 2)}\n`);
process.exit([...rows.values()].some(({ failed }) => failed !== undefined) ? 1 : 0);

async function measure(scenario: Scenario): Promise<Row> {
  const { id, title, unit } = scenario;
  const runs: Measured[] = [];
  const idleBefore: number[] = [];
  try {
    for (let i = 0; i < scenario.repeat; i++) {
      idleBefore.push(await idleMachine(context.seconds * 500));
      context.progress(`${id} ${i + 1}/${scenario.repeat} …`);
      runs.push(await scenario.run(context));
      context.progress(`  ${Math.round(runs.at(-1)!.value).toLocaleString('en')} ${unit}`);
    }
  } catch (error) {
    context.progress(`  failed: ${String(error)}`);
    return { id, title, unit, failed: String(error), idleBefore };
  }
  const sorted = runs.toSorted((a, b) => a.value - b.value);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)]!;
  const limit = scenario.limit === undefined ? 0 : context.limit(scenario.limit);
  return {
    id,
    title,
    unit,
    median: percentile(
      sorted.map(({ value }) => value),
      50,
    ),
    min: sorted[0]!.value,
    max: sorted.at(-1)!.value,
    ...(scenario.limit === undefined || limit === 0
      ? {}
      : { limit: scenario.limit, limitFraction: Math.round((middle.value / limit) * 100) / 100 }),
    checked: middle.checked,
    details: middle.details,
    ...(middle.stages === undefined ? {} : { stages: middle.stages }),
    idleBefore,
  };
}

/** The limit that a scenario names, so that `--only` measures it too. */
function limitOf(id: string): string | undefined {
  return all.find((scenario) => scenario.id === id)?.limit;
}

function machine(): Record<string, string | number> {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
    kernel: readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim(),
  };
}

function versions(): Record<string, string> {
  const versionOf = (name: string): string =>
    (JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')) as { version: string }).version;
  const names = ['chdb', 'lmdb', 'kafkajs', '@clickhouse/client'];
  return { node: process.version, ...Object.fromEntries(names.map((name) => [name, versionOf(name)])) };
}

function git(...args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8' }).trim();
}
