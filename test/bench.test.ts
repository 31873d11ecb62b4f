import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { loadScenarios } from './bench/bench.ts';
import type { Report } from './bench/run.ts';

const scenarios = await loadScenarios();

it('every scenario of the suite has an id of its own', () => {
  const ids = scenarios.map(({ id }) => id);
  expect(ids.length).toBeGreaterThan(10);
  expect(new Set(ids).size).toBe(ids.length);
});

it('a limit that a scenario is compared to is measured in the same suite', () => {
  const ids = new Set(scenarios.map(({ id }) => id));
  const missing = scenarios.flatMap(({ limit }) => (limit === undefined || ids.has(limit) ? [] : [limit]));
  expect(missing).toEqual([]);
});

it('the suite prints one JSON report, with the limits of what was asked for', { timeout: 60_000 }, () => {
  const args = ['test/bench/run.ts', '--seconds', '0.1', '--only', 'parse-json,append'];
  const report = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', stdio: 'pipe' })) as Report;
  expect(report.limits.map(({ id }) => id)).toEqual(['limit-json-parse', 'limit-fdatasync']);
  expect(report.results.map(({ id }) => id)).toEqual(['parse-json', 'append']);
  expect([...report.limits, ...report.results].filter(({ median, failed }) => failed || !median)).toEqual([]);
});
