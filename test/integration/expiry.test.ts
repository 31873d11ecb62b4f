import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Expiry } from '../../src/evidence/expiry.ts';
import type { Hold } from '../../src/evidence/hold.ts';
import { HoldDesk } from '../../src/evidence/hold-desk.ts';
import { checkRetention, RetentionInForce } from '../../src/retention.ts';
import { HoldQueries } from '../../src/store/hold-queries.ts';
import { awkwardEvent, Sealing } from './sealing.ts';

const DAY_MS = 86_400_000;
const OLD_DAYS = [410, 405, 402] as const;

let sealing: Sealing;

beforeAll(async () => {
  sealing = await Sealing.start();
});
afterAll(() => sealing.stop());

/** The day so many days ago, UTC. */
function dayAgo(days: number): number {
  return Math.floor(Date.now() / DAY_MS) * DAY_MS - days * DAY_MS;
}

async function daysOfEvents(): Promise<number[]> {
  await sealing.client.command({ query: 'OPTIMIZE TABLE events FINAL' });
  const result = await sealing.client.query({
    query: 'SELECT DISTINCT toUnixTimestamp(toStartOfDay(ingest_time)) * 1000 AS day FROM events ORDER BY day',
    format: 'JSONEachRow',
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
  });
  return (await result.json<{ day: number }>()).map(({ day }) => day);
}

describe('what is older than it is kept', () => {
  const retention = { retentionDays: 400 };
  let expiry: Expiry;
  let desk: HoldDesk;
  let forged: readonly string[];

  /** What a program that starts makes a desk of. */
  const holdParts = () => {
    const holds = new HoldQueries(sealing.client, sealing.queries, retention);
    return {
      ...{ table: sealing.log.table('holds'), needsTwo: true, onProblem: () => undefined },
      enforce: (all: readonly Hold[]) => holds.enforce(all),
      onForged: (ids: readonly string[]) => (forged = ids),
    };
  };

  beforeAll(async () => {
    const holds = new HoldQueries(sealing.client, sealing.queries, retention);
    const enforceHolds = () => desk.enforce();
    expiry = new Expiry({ store: holds, days: { events: 400 }, enforceHolds, onProblem: () => undefined });
    desk = new HoldDesk(holdParts());
    await sealing.storeEvents(0, 0, [awkwardEvent(1)]); // of today, in a block of its own
    await sealing.sealer().seal();
  });

  it('stays for as long as a legal hold is about it, however the programs start again, and other days go', async () => {
    const held = await desk.place({ name: '案件-7', from: 0, to: Date.now(), assets: ['people'], actors: [], incident: '' }, '检察院来函', 'lina'); // prettier-ignore
    expect(held.isEnforced).toBe(true);
    for (const [n, days] of OLD_DAYS.entries()) {
      const ingestTime = dayAgo(days) + 3_600_000;
      const asset = days === 405 ? 'people' : 'roads';
      const events = Array.from({ length: 10 }, (_, at) => ({
        ...awkwardEvent(at),
        ingestTime,
        asset: at === 4 ? asset : 'roads',
      }));
      await sealing.storeEvents(0, 1 + n, events);
      await sealing.sealer().seal();
    }
    await new HoldDesk(holdParts()).enforce();
    expect((await daysOfEvents()).slice(0, 3)).toEqual(OLD_DAYS.map(dayAgo));
    await expiry.look();
    await sealing.sealer('sha256', expiry.takeNotes()).seal();
    await expiry.look();
    expect((await daysOfEvents()).slice(0, 2)).toEqual([dayAgo(405), expect.any(Number)]);
    expect((await daysOfEvents())[1]).toBeGreaterThan(dayAgo(400));
    expect(await sealing.verified()).toMatchObject({ result: 'intact', expired: 2, problems: [] });
  });

  it('is missed by the verifier when it went in spite of the hold', async () => {
    await sealing.client.command({ query: 'CREATE TABLE spare AS events' });
    await sealing.client.command({
      query: `INSERT INTO spare SELECT * FROM events WHERE ingest_time < now() - INTERVAL 400 DAY`,
    });
    await sealing.tamper('ALTER TABLE events DELETE WHERE ingest_time < now() - INTERVAL 400 DAY');
    expect((await sealing.verified()).problems).toMatchObject([{ kind: 'block-removed', stream: 'events/0' }]);
    await sealing.client.command({ query: 'INSERT INTO events SELECT * FROM spare' });
    await sealing.client.command({ query: 'DROP TABLE spare' });
    expect((await sealing.verified()).result).toBe('intact');
  });

  it('stays when somebody takes the hold out of the store: it is put back', async () => {
    await sealing.tamper('ALTER TABLE holds DELETE WHERE 1');
    await desk.enforce();
    expect(await new HoldQueries(sealing.client, sealing.queries, retention).anyHold()).toBe(true);
  });

  it('stays when somebody writes into the store that the hold is released: that is undone, told, and expires nothing', async () => {
    await sealing.client.command({ query: "INSERT INTO holds SELECT * REPLACE ('released' AS state, 4000000000 AS version) FROM holds FINAL" }); // prettier-ignore
    const [hold] = await desk.list();
    await expiry.look();
    expect(forged).toEqual([hold!.id]);
    expect(await new HoldQueries(sealing.client, sealing.queries, retention).anyHold()).toBe(true);
    expect((await daysOfEvents())[0]).toBe(dayAgo(405));
    expect(expiry.takeNotes()).toEqual([]);
  });

  it('goes when two people have released it, and the chain says so', async () => {
    const [hold] = await desk.list();
    await desk.askRelease(hold!.id, '案件已结', 'lina');
    await expect(desk.decideRelease(hold!.id, true, 'lina')).rejects.toThrow('lina asked for this');
    expect((await daysOfEvents())[0]).toBe(dayAgo(405));
    expect(await desk.decideRelease(hold!.id, true, 'sun')).toMatchObject({ hold: { state: 'released', releasedBy: 'sun' }, isEnforced: true }); // prettier-ignore
    await expiry.look();
    await sealing.sealer('sha256', expiry.takeNotes()).seal();
    await sealing.tamper('ALTER TABLE events MATERIALIZE TTL');
    expect((await daysOfEvents())[0]).toBeGreaterThan(dayAgo(400));
    expect(await sealing.verified()).toMatchObject({ result: 'intact', expired: 3, problems: [] });
  });
});

describe('how long events are kept', () => {
  it('is as long as was agreed on, until somebody agrees to less', async () => {
    let agreed = checkRetention({ retentionDays: 400 });
    const retention = new RetentionInForce({ retentionDays: 200 }, () => agreed);
    const holds = new HoldQueries(sealing.client, sealing.queries, retention);
    const parts = { table: sealing.log.table('holds'), needsTwo: true, onProblem: () => undefined };
    const desk = new HoldDesk({ ...parts, retention, enforce: (all) => holds.enforce(all) });
    await desk.enforce();
    expect(await daysBeforeEventsExpire()).toBe(400);
    agreed = checkRetention({ retentionDays: 200 });
    await desk.enforce();
    expect(await daysBeforeEventsExpire()).toBe(200);
  });
});

async function daysBeforeEventsExpire(): Promise<number> {
  const query =
    "SELECT create_table_query AS made FROM system.tables WHERE database = currentDatabase() AND name = 'events'";
  const [row] = await (await sealing.client.query({ query, format: 'JSONEachRow' })).json<{ made: string }>();
  return Number(/toIntervalDay\((\d+)\)/.exec(row!.made)?.[1]);
}
