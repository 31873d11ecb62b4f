import type { Report, Row } from './run.ts';

/** The report as Markdown, for README and for people. */
export function markdown(report: Report): string {
  const { machine, versions } = report;
  return [
    `Measured ${report.at.slice(0, 10)} at ${report.commit} with \`${report.command}\` on ${machine['cores']} × ${machine['cpu']}, ` +
      `${machine['memoryGb']} GB, Linux ${machine['kernel']}; ` +
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    '',
    '| what | median (min–max) | of the limit | checked | more |',
    '| --- | --- | --- | --- | --- |',
    ...[...report.limits, ...report.results].map(line),
  ].join('\n');
}

function line(row: Row): string {
  if (row.failed !== undefined) return `| ${row.title} | void | | ${row.failed} | |`;
  const range = row.min === row.max ? '' : ` (${number(row.min!)}–${number(row.max!)})`;
  const share = row.limitFraction === undefined ? '' : `${Math.round(row.limitFraction * 100)} % of ${row.limit!}`;
  const more = Object.entries(row.details ?? {}).map(
    ([name, value]) => `${name} ${typeof value === 'number' ? number(value) : value}`,
  );
  const stages = Object.entries(row.stages ?? {}).map(([stage, micros]) => `${stage} ${number(micros)}`);
  if (stages.length > 0) more.push(`sampled µs/event by stage: ${stages.join(', ')}`);
  return `| ${row.title} | ${number(row.median!)} ${row.unit}${range} | ${share} | ${row.checked ?? ''} | ${more.join('; ')} |`;
}

function number(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Math.round(value * 100) / 100);
}
