import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEntry } from '../../src/access/audit/entry.ts';
import type { Event } from '../../src/event/event.ts';
import { lifeEventOf } from '../../src/finding/lifecycle.ts';
import { Reach } from '../../src/scope/reach.ts';
import { registryFrom } from '../../src/registry/registry-from.ts';
import type { StoreClient } from '../../src/store/client.ts';
import { readerWithin } from '../../src/store/reader.ts';
import { REPORT_CONTENTS, ReportContents } from '../../src/store/report-contents.ts';
import { ReportQueries } from '../../src/store/report-queries.ts';
import { TableWriter } from '../../src/store/table-writer.ts';
import { AUDIT, FINDINGS, LIVES } from '../../src/store/tables.ts';
import { eventAt } from '../detection/judge.ts';
import { aFinding } from '../store/a-finding.ts';
import { storeWithEvents, type FilledStore } from './filled-store.ts';

const at = (iso: string): number => Date.parse(`${iso}+08:00`);
const span = { from: at('2026-11-18T00:00'), to: at('2026-11-20T00:00') };
const use = { department: 'aid', asset: 'families', action: 'read', purpose: 'repair', grant: 'g-1' } as const;
const events: Event[] = [
  eventAt('2026-11-18T23:30', { ...use, rows: 70, dataSubjects: ['ds_a', 'ds_b'] }),
  eventAt('2026-11-19T00:10', { ...use, rows: 30, dataSubjects: ['ds_b'] }),
  eventAt('2026-11-19T00:40', { ...use, rows: 5, purpose: '', grant: '' }),
  eventAt('2026-11-19T01:00', { ...use, asset: 'summary', rows: 5 }),
  eventAt('2026-11-20T01:00', { ...use, rows: 1_000 }),
];
const ID = '00000000-0000-4000-8000-000000000001';

let store: FilledStore;
let client: StoreClient;
let queries: ReportQueries;
beforeAll(async () => {
  store = await storeWithEvents(events);
  ({ client } = store);
  queries = new ReportQueries(client);
});
afterAll(() => store.stop());

describe('what reports count, in the real store', () => {
  it('is each event of the span once, by who did it, for what and under which grant', async () => {
    const lines = await queries.processing(['families'], span, 10);
    expect(
      lines.map(({ purpose, grant, events: count, rows, subjects }) => [purpose, grant, count, rows, subjects]),
    ).toEqual([
      ['repair', 'g-1', 2, 100, 2],
      ['', '', 1, 5, 0],
    ]);
    expect(lines[0]).toMatchObject({ first: at('2026-11-18T23:30'), last: at('2026-11-19T00:10'), department: 'aid' });
    const nothing = readerWithin(client, new Reach({ departments: [], vendors: ['other'] }, registryFrom({}), 0));
    expect(await new ReportQueries(nothing).processing(['families'], span, 10)).toEqual([]);
  });

  it('is what was passed on, by asset, recipient, grant and purpose', async () => {
    const passed = {
      asset: 'families',
      action: 'share',
      actor: 'li.na',
      department: 'aid',
      vendor: '',
      system: 'aid-db',
    };
    const row = (n: number, changes: object): object => ({
      ...{ id: ID.replace(/1$/, String(n)), time: '2026-11-19 02:00:00.000', ingest_time: '2026-11-19 02:00:00.000' },
      ...{ ...passed, recipient: 'tax', rows: 10, bytes: 100, fields: [], grant: 'g-1', purpose: 'levy', ...changes },
    });
    const rows = [
      row(1, {}),
      row(1, {}),
      row(2, { rows: 5 }),
      row(3, { recipient: '' }),
      row(4, { time: '2026-11-21 00:00:00.000' }),
    ];
    await client.insert({ table: 'diffusion', values: rows, format: 'JSONEachRow' });
    const shown = async (assets: string[]) =>
      (await queries.shared(assets, span, 10)).map(({ recipient, events: count, rows: all, bytes }) => [
        recipient,
        count,
        all,
        bytes,
      ]);
    expect(await shown([])).toEqual([
      ['', 1, 10, 100],
      ['tax', 2, 15, 200],
    ]);
    expect(await shown(['summary'])).toEqual([]);
  });

  it('is each finding that was raised in the span once, and how soon people reacted', async () => {
    const finding = (n: number) =>
      aFinding({
        ...{
          id: `6f1c3a52-8f0b-5a52-9d3e-00000000040${n}`,
          causedAt: at('2026-11-19T01:00'),
          lastTime: at('2026-11-19T01:00'),
        },
        ...{ detector: 'bulk-read', department: 'aid', asset: 'families', severity: 'high' as const },
      });
    const [one, two, earlier] = [finding(1), finding(2), { ...finding(3), causedAt: at('2026-11-10T00:00') }];
    await new TableWriter(client, FINDINGS).write([one, { ...one, revision: 2 }, two, earlier]);
    const HOUR_MS = 3_600_000;
    const raised = lifeEventOf(one);
    const seen = {
      ...raised,
      id: ID.replace(/1$/, '5'),
      act: 'acknowledged' as const,
      at: raised.at + HOUR_MS,
      by: 'wu',
    };
    const closed = { ...seen, id: ID.replace(/1$/, '6'), act: 'closed' as const, at: raised.at + 3 * HOUR_MS };
    const undone = {
      ...seen,
      id: ID.replace(/1$/, '7'),
      act: 'closed' as const,
      finding: two.id,
      at: raised.at + HOUR_MS,
    };
    const undoing = {
      ...undone,
      id: ID.replace(/1$/, '8'),
      act: 'undone' as const,
      undoes: undone.id,
      at: undone.at + 1,
    };
    await new TableWriter(client, LIVES).write([raised, seen, closed, lifeEventOf(two), undone, undoing]);
    expect(await queries.findings(span)).toEqual([
      { detector: 'bulk-read', department: 'aid', asset: 'families', severity: 'high', findings: 2, suppressed: 0 },
    ]);
    expect(await queries.responses(span)).toEqual([
      {
        ...{ severity: 'high', raised: 2, acknowledged: 1, closed: 1 },
        ...{ acknowledgedMedian: HOUR_MS, closedMedian: 3 * HOUR_MS },
      },
    ]);
  });

  it('is how often events were shown unmasked, not how often that was refused', async () => {
    const reveal = (n: number, changes: object) =>
      auditEntry({
        ...{ id: ID.replace(/1$/, String(n)), at: at('2026-11-19T03:00'), action: 'reveal' as const, account: 'li.na' },
        ...{
          outcome: 'success' as const,
          rows: 1,
          asked: JSON.stringify({ purpose: 'audit', reason: 'x' }),
          ...changes,
        },
      });
    await new TableWriter(client, AUDIT).write([
      ...[
        reveal(1, {}),
        { ...reveal(1, { outcome: 'unknown', rows: 0 }), phase: 'begun' as const },
        reveal(2, { account: 'wu' }),
      ],
      ...[reveal(3, { outcome: 'refused', rows: 0 }), reveal(4, { at: at('2026-11-25T00:00') })],
    ]);
    expect(await queries.reveals(span)).toEqual([{ purpose: 'audit', accounts: 2, reveals: 2 }]);
  });
});

describe('contents of reports, in the real store', () => {
  it('are kept byte by byte under their digest: what somebody writes beside them is another one', async () => {
    const contents = new ReportContents(client);
    const writer = new TableWriter(client, REPORT_CONTENTS);
    const content = JSON.stringify({ text: '台账 "\\ \u2028 \u0007 🏛', rows: [1.5, null] });
    await writer.write([{ report: ID, version: 1, digest: 'a'.repeat(64), madeAt: 1, content }]);
    await writer.write([{ report: ID, version: 1, digest: 'b'.repeat(64), madeAt: 2, content: 'other' }]);
    expect(await contents.of(ID, 1, 'a'.repeat(64))).toBe(content);
    expect(await contents.of(ID, 2, 'a'.repeat(64))).toBeUndefined();
  });
});
