import { describe, expect, it } from 'vitest';
import { detectors } from '../../detectors/index.ts';
import { BaselineBook } from '../../src/detection/baseline.ts';
import type { Event } from '../../src/event/event.ts';
import { judge } from '../detection/judge.ts';
import { access, signIn, townRegistry } from './town.ts';

/** Seven weeks of a fresh installation in an ordinary office: what all detectors say about nothing at all. */

const OFFICERS = Array.from({ length: 12 }, (_, n) => `clerk${n}`);
const registry = townRegistry({
  departments: [{ id: 'civil', name: '民政局' }],
  accounts: [
    ...OFFICERS.map((login) => ({ id: login, login, department: 'civil', role: 'clerk', openedAt: '2024-03-01' })),
    { id: 'etl', login: 'etl', department: 'civil', role: 'service', openedAt: '2024-03-01' },
  ],
});
const DAYS = 49;
const CONNECTED = 35;

/** The same numbers at every run, spread over [0, 1). */
let step = 0;
const next = (): number => (++step * 0.618_033_988_749_895) % 1;

function at(day: number, hours: number): string {
  return new Date(Date.parse('2026-06-01T00:00+08:00') + (day * 24 + hours) * 3_600_000).toISOString();
}

/** One officer's workday: some wrong passwords, reads of usual size, from the 35th day on those of a new system too. */
function workday(day: number, actor: string): Event[] {
  const address = { clientAddress: '192.0.2.10', account: actor, actor };
  const read = (asset: string, assetLevel: Event['assetLevel']): Event =>
    access(at(day, 8.6 + next() * 9), { actor, asset, assetLevel, rows: Math.round(40 * Math.exp(next())) });
  const reads = [1, 2, 3].map(() => read('recipients', 'important'));
  const mistyped = next() < 0.4 ? [signIn(at(day, 8.4 + next() / 10), 'failure', address)] : [];
  return [
    ...mistyped,
    signIn(at(day, 8.51 + next() / 10), 'success', address),
    ...reads,
    ...(day >= CONNECTED ? [read('population', 'core')] : []),
  ];
}

function life(): Event[] {
  step = 0;
  const events: Event[] = [];
  for (let day = 0; day < DAYS; day++) {
    events.push(access(at(day, 2 + next() / 2), { actor: 'etl', rows: 60_000 + Math.round(next() * 9000) }));
    if (registry.dayType(Date.parse(at(day, 12)), 'civil') === 'workday')
      for (const actor of OFFICERS) events.push(...workday(day, actor));
  }
  return events.sort((a, b) => a.time - b.time);
}

describe('the first weeks of an installation', () => {
  const events = life();

  it.each(detectors.filter(({ name }) => name !== 'first-time-asset'))('give no finding of $name', (detector) => {
    const { findings } = judge(detector, events, { registry, baseline: new BaselineBook(() => registry) });
    expect(findings.map(({ explanation }) => explanation.zh)).toEqual([]);
  });

  it('give five of first-time-asset, when a new system is connected', () => {
    const detector = detectors.find(({ name }) => name === 'first-time-asset')!;
    const { findings } = judge(detector, events, { registry, baseline: new BaselineBook(() => registry) });
    expect(new Set(findings.map(({ asset }) => asset))).toEqual(new Set(['population']));
    expect(new Set(findings.map(({ actor }) => actor)).size).toBe(5);
  });
});
