import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Event } from '../../src/event/event.ts';
import type { StoreClient } from '../../src/store/client.ts';
import { ContextQueries } from '../../src/store/context-queries.ts';
import { TableWriter } from '../../src/store/table-writer.ts';
import { FINDINGS, INCIDENTS } from '../../src/store/tables.ts';
import { eventAt } from '../detection/judge.ts';
import { incident } from '../feed/samples.ts';
import { aFinding } from '../store/a-finding.ts';
import { storeWithEvents, type FilledStore } from './filled-store.ts';

const reader = { actor: 'li.na', account: 'li.na', system: 'aid', asset: 'families', action: 'read' };
const events: Event[] = [
  eventAt('2026-11-18T09:10', { ...reader, rows: 70 }),
  eventAt('2026-11-18T09:50', { ...reader, rows: 30 }),
  eventAt('2026-11-18T14:00', { ...reader, rows: 90 }),
  eventAt('2026-11-19T10:00', { ...reader, rows: 400 }),
  eventAt('2026-11-19T10:20', { ...reader, asset: '', action: 'sign-in', outcome: 'failure' }),
  eventAt('2026-11-19T10:30', { ...reader, asset: '', system: '', outcome: 'success' }),
];
const at = (iso: string): number => Date.parse(`${iso}+08:00`);
const days = { from: at('2026-11-18T00:00'), to: at('2026-11-20T00:00'), zone: 'Asia/Shanghai' };
const subject = { actor: 'li.na', asset: 'families' };

let store: FilledStore;
let client: StoreClient;
let queries: ContextQueries;
beforeAll(async () => {
  store = await storeWithEvents(events);
  ({ client } = store);
  queries = new ContextQueries(client);
});
afterAll(() => store.stop());

it('the real store knows the most of each day in windows of an hour or a day, each event once', async () => {
  const most = (windowMs: number) => queries.dailyMost(subject, 'rows', { ...days, windowMs });
  expect(await most(3_600_000)).toEqual([
    { day: '2026-11-18', value: 100 },
    { day: '2026-11-19', value: 400 },
  ]);
  expect((await most(days.to - days.from))[0]).toEqual({ day: '2026-11-18', value: 190 });
  const failures = await queries.dailyMost({ actor: 'li.na' }, 'accounts', { ...days, windowMs: 3_600_000 });
  expect(failures.at(-1)).toEqual({ day: '2026-11-19', value: 1 });
});

it('the real store knows a day by asset, else system, else source, and which events are the finding’s', async () => {
  const span = { from: at('2026-11-19T00:00'), to: days.to, stepMs: 900_000 };
  const lanes = await queries.lanes({ actor: 'li.na' }, { ...span, ids: [events[3]!.id] });
  expect(lanes.map(({ kind, id, step, marked, failures }) => [kind, id, step, marked, failures])).toEqual(
    expect.arrayContaining([
      ['asset', 'families', 40, 1, 0],
      ['system', 'aid', 41, 0, 1],
      ['source', events[5]!.source, 42, 0, 0],
    ]),
  );
  expect(lanes).toHaveLength(3);
});

it('the real store finds what was found before about the same actor or asset, and what belongs to an incident', async () => {
  const now = aFinding({ id: '6f1c3a52-8f0b-5a52-9d3e-000000000001' });
  const before = (n: number, changes: Parameters<typeof aFinding>[0]) =>
    aFinding({ id: `6f1c3a52-8f0b-5a52-9d3e-00000000001${n}`, causedAt: now.causedAt - n * 86_400_000, ...changes });
  const all = [
    now,
    before(1, { actor: 'somebody' }),
    before(2, { asset: 'else', actor: 'somebody' }),
    before(3, { asset: 'else' }),
    before(4, { detector: 'export-spike' }),
    { ...before(3, { asset: 'else' }), revision: 2, score: 99 },
  ];
  await new TableWriter(client, FINDINGS).write(all);
  const similar = await queries.similar(now, now.causedAt - 90 * 86_400_000);
  expect(similar.map(({ id, revision }) => [id.slice(-2), revision])).toEqual([
    ['11', 1],
    ['13', 2],
  ]);
  const made = incident([now, all[1]!]);
  await new TableWriter(client, INCIDENTS).write([made, { ...made, revision: 2, score: 97 }]);
  expect((await queries.incidentsWith(now.id)).map(({ id, revision }) => [id, revision])).toEqual([[made.id, 2]]);
  expect(await queries.incidentsWith(all[2]!.id)).toEqual([]);
  expect((await queries.revisionsOf([all[3]!.id])).map(({ revision }) => revision)).toEqual([1, 2]);
});
