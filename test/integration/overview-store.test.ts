import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lifeEventOf } from '../../src/finding/lifecycle.ts';
import type { StoreClient } from '../../src/store/client.ts';
import { OverviewQueries } from '../../src/store/overview-queries.ts';
import { FINDINGS, LIVES } from '../../src/store/tables.ts';
import { TableWriter } from '../../src/store/table-writer.ts';
import { eventAt } from '../detection/judge.ts';
import { aFinding } from '../store/a-finding.ts';
import { storeWithEvents, type FilledStore } from './filled-store.ts';

const HOUR = 3_600_000;
const FROM = Date.parse('2026-11-20T08:00:00Z');
const TO = FROM + 24 * HOUR;

let store: FilledStore;
let client: StoreClient;
let queries: OverviewQueries;

beforeAll(async () => {
  store = await storeWithEvents(
    [0, 0.5, 23.9, 24].map((hours) => eventAt(new Date(FROM + hours * HOUR).toISOString(), { department: 'tax' })),
  );
  ({ client } = store);
  queries = new OverviewQueries(client);
  await new TableWriter(client, FINDINGS).write(findings);
  const done = { act: 'closed' as const, at: TO, disposition: 'benign' as const };
  const life = (n: number, by: string) => ({
    ...{ ...lifeEventOf(findings[n]!), ...done, by },
    id: `6f1c3a52-8f0b-5a52-9d3e-00000000000${n}`,
  });
  await new TableWriter(client, LIVES).write([life(0, 'lina'), life(2, 'lina'), lifeEventOf(findings[0]!)]);
});
afterAll(() => store.stop());

/** One that grew from high to critical an hour later, a medium one, and one that nobody was told of. */
const id = (n: number): string => `6f1c3a52-8f0b-5a52-9d3e-${String(n).padStart(12, '0')}`;
const at = (hours: number) => ({ causedAt: FROM + hours * HOUR, lastTime: FROM + hours * HOUR });
const findings = [
  aFinding({ id: id(1), revision: 1, severity: 'high', department: 'aid', ...at(1) }),
  aFinding({ id: id(1), revision: 2, severity: 'critical', department: 'aid', ...at(2) }),
  aFinding({ id: id(2), revision: 1, severity: 'medium', department: '', ...at(3) }),
  aFinding({ id: id(3), revision: 1, severity: 'low', department: 'aid', suppression: 's-1', ...at(4) }),
  aFinding({ id: id(4), revision: 1, severity: 'low', department: 'aid', ...at(-5) }),
];

describe('the overview from the real store', () => {
  it('counts each event once, in the hour in which it happened', async () => {
    const hours = await queries.eventsByHour(FROM, TO);
    expect(hours.sort((a, b) => a.hour - b.hour)).toEqual([
      { department: 'tax', hour: 0, events: 2 },
      { department: 'tax', hour: 23, events: 1 },
    ]);
  });

  it('counts each finding where its last cause was, as severe as it is now, without suppressed ones', async () => {
    const hours = await queries.findingsByHour(FROM, TO);
    expect(hours.sort((a, b) => a.hour - b.hour)).toEqual([
      { department: 'aid', hour: 2, severity: 'critical', findings: 1 },
      { department: '', hour: 3, severity: 'medium', findings: 1 },
    ]);
  });

  it('counts what was raised since, and what people did', async () => {
    const raised = await queries.raisedSince(FROM);
    expect(raised.sort((a, b) => (a.severity < b.severity ? -1 : 1))).toEqual([
      { severity: 'critical', findings: 1 },
      { severity: 'medium', findings: 1 },
    ]);
    expect(await queries.raisedSince(FROM + 1.5 * HOUR)).toEqual([{ severity: 'medium', findings: 1 }]);
    expect(await queries.actsSince(TO - 1)).toEqual([{ by: 'lina', act: 'closed', findings: 2 }]);
    expect(await queries.actsSince(TO + 1)).toEqual([]);
  });
});
