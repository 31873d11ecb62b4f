import type { Report, Row } from './run.ts';

const CPU = 'CPU µs/event, ';

/** The report as Markdown, for README and for people. */
export function markdown(report: Report): string {
  const { machine, versions } = report;
  const rows = [...report.limits, ...report.results];
  return [
    `Measured ${report.at.slice(0, 10)} at ${report.commit} with \`${report.command}\` on ${machine['cores']} × ${machine['cpu']}, ` +
      `${machine['memoryGb']} GB, Linux ${machine['kernel']}; ` +
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    '',
    '| what | median (min–max) | of the limit | checked | more |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map(line),
    ...rows.flatMap(whereTimeGoes),
  ].join('\n');
}

function line(row: Row): string {
  if (row.failed !== undefined) return `| ${row.title} | void | | ${row.failed} | |`;
  const range = row.min === row.max ? '' : ` (${number(row.min!)}–${number(row.max!)})`;
  const share = row.limitFraction === undefined ? '' : `${Math.round(row.limitFraction * 100)} % of ${row.limit!}`;
  const more = Object.entries(row.details ?? {})
    .filter(([name]) => !name.startsWith(CPU) || row.stages === undefined)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? number(value) : value}`);
  return `| ${row.title} | ${number(row.median!)} ${row.unit}${range} | ${share} | ${row.checked ?? ''} | ${more.join('; ')} |`;
}

/** CPU by program and thread, and what the JavaScript threads do, of those runs that were sampled. */
function whereTimeGoes({ title, details, stages }: Row): string[] {
  if (stages === undefined) return [];
  const threads = Object.entries(details ?? {})
    .filter(([name]) => name.startsWith(CPU))
    .map(([name, micros]) => [name.slice(CPU.length), Number(micros)] as const);
  return [
    '',
    `## Where the time goes: ${title}`,
    '',
    ...table('program: thread', threads),
    '',
    'What the JavaScript threads do, sampled in a run of its own:',
    '',
    ...table('stage', Object.entries(stages)),
  ];
}

function table(what: string, rows: readonly (readonly [string, number])[]): string[] {
  const sorted = rows.toSorted(([, a], [, b]) => b - a);
  return [
    `| ${what} | CPU µs an event |`,
    '| --- | --- |',
    ...sorted.map(([name, micros]) => `| ${name} | ${number(micros)} |`),
  ];
}

function number(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Math.round(value * 100) / 100);
}
