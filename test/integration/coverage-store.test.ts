import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { balance, isBalanced } from '../../src/coverage/balance.ts';
import type { DoorStatement, Segment } from '../../src/coverage/record.ts';
import { storeClient, type StoreClient } from '../../src/store/client.ts';
import { CoverageQueries } from '../../src/store/coverage-queries.ts';
import { DOORS, EPOCHS, LINES, RANGES, rowsOfCoverage, SEGMENTS } from '../../src/store/coverage-rows.ts';
import { migrate } from '../../src/store/migrate.ts';
import { TableWriter } from '../../src/store/table-writer.ts';
import { startStore, type StoreProcess } from './store-process.ts';

const MINUTE = 60_000;
const AT = Date.parse('2026-11-20T01:00:00Z');
const READ = {
  source: 'portal',
  minute: AT,
  parsed: 0,
  unparsed: {},
  repeated: 0,
  stored: 0,
  evaluated: 0,
  missed: {},
  late: 0,
};

function statement(number: number, received: number, appended: number): DoorStatement {
  const row = { source: 'portal', minute: AT, received, refused: { "it's too large": 2 }, lost: 1, appended };
  return {
    ...{ kind: 'door', epoch: 'e1', number, instance: '', startedAt: AT - MINUTE, at: AT + number, ended: false },
    minutes: [row],
  };
}

function segment(from: number, to: number, appended: number): Segment {
  return {
    ...{ kind: 'segment', partition: 3, from, to, since: AT, until: AT + to, judges: ['password-spray@2'] },
    unread: [{ from, to: from + 1, kind: 'damaged' }],
    minutes: [
      {
        ...READ,
        appended,
        evaluated: 15,
        parsed: appended - 1,
        unparsed: { 'no known format': 1 },
        missed: { 'password-spray': 2 },
      },
    ],
  };
}

let store: StoreProcess;
let client: StoreClient;
let queries: CoverageQueries;
beforeAll(async () => {
  store = await startStore();
  const address = { url: store.url, user: 'default', password: store.password, database: 'wanglou' };
  await migrate(address, { retentionDays: 400 });
  client = storeClient(address);
  queries = new CoverageQueries(client);
  // As they come: some twice, an older one after a newer one.
  const all = [statement(1, 5, 3), segment(0, 10, 4), segment(0, 20, 7), statement(2, 12, 10), statement(1, 5, 3)];
  for (const records of [all, [segment(0, 10, 4), segment(20, 25, 3)]]) {
    const rows = rowsOfCoverage(records);
    await new TableWriter(client, DOORS).write(rows.doors);
    await new TableWriter(client, EPOCHS).write(rows.epochs);
    await new TableWriter(client, SEGMENTS).write(rows.segments);
    await new TableWriter(client, RANGES).write(rows.ranges);
  }
});
afterAll(async () => {
  await client.close();
  await store.stop();
});

describe('the coverage ledger in the real store', () => {
  it('takes the last word of each program and the longest segment of each beginning', async () => {
    const [from, to] = [AT, AT + MINUTE];
    expect(await queries.doors(from, to)).toEqual([
      { source: 'portal', minute: AT, received: 12, refused: { "it's too large": 2 }, lost: 1, appended: 10 },
    ]);
    expect(await queries.reads(from, to)).toEqual([
      {
        ...{ source: 'portal', minute: AT, appended: 10, parsed: 8, unparsed: { 'no known format': 2 }, repeated: 0 },
        ...{ evaluated: 30, missed: { 'password-spray': 4 }, late: 0 },
        ranges: [
          { partition: 3, from: 0, to: 20 },
          { partition: 3, from: 20, to: 25 },
        ],
      },
    ]);
    expect(await queries.epochs(from, to)).toEqual([
      { epoch: 'e1', instance: '', startedAt: AT - MINUTE, statedAt: AT + 2, ended: false },
    ]);
    expect((await queries.ranges(from, to)).map(({ from, to, unread }) => ({ from, to, unread }))).toEqual([
      { from: 0, to: 20, unread: [{ from: 0, to: 1, kind: 'damaged' }] },
      { from: 20, to: 25, unread: [{ from: 20, to: 21, kind: 'damaged' }] },
    ]);
    // The segment that takes the place of a shorter one counts once, and so does what its detector has missed.
    expect(await queries.judged(from, to)).toEqual([
      { detector: 'password-spray', version: 2, judged: 26, unjudged: 4 },
    ]);
    expect([...(await queries.reached())]).toEqual([[3, AT + 25]]);
    expect(await queries.countedSince()).toBe(AT - MINUTE);
  });

  it('keeps lines as they were checked last, and adds them up by steps', async () => {
    const [doors, reads] = [await queries.doors(AT, AT + MINUTE), await queries.reads(AT, AT + MINUTE)];
    const epochs = [{ epoch: 'e1', instance: '', startedAt: AT - MINUTE, statedAt: AT, ended: true }];
    const stored = [{ source: 'portal', minute: AT, events: 9 }];
    const lines = balance({ doors, reads, stored, epochs }, AT + 10 * MINUTE);
    expect(lines.map(isBalanced)).toEqual([false]);
    const writer = new TableWriter(client, LINES);
    await writer.write(lines.map((line) => ({ ...line, stored: 3, checkedAt: AT + 1 })));
    await writer.write(lines.map((line) => ({ ...line, checkedAt: AT + 2 })));
    expect(await queries.lines(AT, AT + MINUTE)).toEqual(lines);
    expect(await queries.lines(AT, AT + MINUTE, 'gate')).toEqual([]);
    expect(await queries.lines(AT, AT + MINUTE, 'portal', 'unbalanced')).toEqual(lines);
    expect(await queries.checkedTo()).toBe(AT);
    expect(await queries.steps(AT, AT + 60 * MINUTE, 60 * MINUTE)).toMatchObject([
      {
        at: AT,
        source: 'portal',
        received: 12,
        minutes: 1,
        unbalanced: 1,
        off: { stored: -1 },
        refused: { "it's too large": 2 },
      },
    ]);
  });
});
