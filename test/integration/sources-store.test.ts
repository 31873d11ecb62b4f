import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyEvent, type Event } from '../../src/event/event.ts';
import type { StoreClient } from '../../src/store/client.ts';
import { SourceQueries } from '../../src/store/source-queries.ts';
import { TableWriter } from '../../src/store/table-writer.ts';
import { FINDINGS } from '../../src/store/tables.ts';
import { aFinding } from '../store/a-finding.ts';
import { storeWithEvents, type FilledStore } from './filled-store.ts';

const MINUTE = 60_000;
const NOW = Math.floor(Date.now() / 3_600_000) * 3_600_000;
let made = 0;
/** One that arrived that long before now. */
function arrived(source: string, agoMs: number, changes: Partial<Event> = {}): Event {
  const id = `00000000-0000-8000-8000-${String(++made).padStart(12, '0')}`;
  const ingestTime = NOW - agoMs;
  return { ...emptyEvent(), id, source, ingestTime, time: ingestTime - 2_000, format: 'json', ...changes };
}
const events = [
  arrived('db', 3 * MINUTE, { action: 'read', system: 'platform' }),
  arrived('db', 3 * MINUTE - 1_000, { action: 'read', authenticated: true, system: 'platform' }),
  arrived('db', 90 * MINUTE, { fault: "timestamp 'Nov 31' is no time", format: 'unparsed', raw: '<script>1</script>' }),
  arrived('db', 91 * MINUTE, { fault: "timestamp 'Nov 32' is no time", format: 'unparsed', raw: 'second' }),
  arrived('web', 3 * MINUTE),
];

let store: FilledStore;
let client: StoreClient;
let queries: SourceQueries;
beforeAll(async () => {
  store = await storeWithEvents(events);
  ({ client } = store);
  queries = new SourceQueries(client);
});
afterAll(() => store.stop());

describe('what a source sent, in the real store', () => {
  it('is counted by step, each event once, with how late it came', async () => {
    expect(await queries.steps('db', NOW - 120 * MINUTE, NOW, MINUTE)).toEqual([
      { at: NOW - 91 * MINUTE, events: 1, unparsed: 1, lagP50: 2_000, lagP99: 2_000 },
      { at: NOW - 90 * MINUTE, events: 1, unparsed: 1, lagP50: 2_000, lagP99: 2_000 },
      { at: NOW - 3 * MINUTE, events: 2, unparsed: 0, lagP50: 2_000, lagP99: 2_000 },
    ]);
  });

  it('that can not be read is told by reason, with the lines as they came', async () => {
    const reasons = await queries.unparsed('db', NOW - 120 * MINUTE, NOW);
    expect(reasons).toMatchObject([{ reason: 'timestamp # is no time', count: 2, last: NOW - 90 * MINUTE }]);
    expect([...reasons[0]!.samples].sort()).toEqual(['<script>1</script>', 'second']);
  });

  it('is told by format and action', async () => {
    expect(await queries.kinds('db', NOW - 120 * MINUTE, NOW)).toMatchObject([
      { format: 'json', action: 'read', events: 2 },
      { format: 'unparsed', events: 2 },
    ]);
  });

  it('is counted for all sources by hour', async () => {
    const hours = await queries.hours(NOW - 6 * 60 * MINUTE, NOW);
    expect(hours.map(({ source, at, events, unparsed }) => [source, at, events, unparsed])).toEqual([
      ['db', NOW - 120 * MINUTE, 2, 2],
      ['db', NOW - 60 * MINUTE, 2, 0],
      ['web', NOW - 60 * MINUTE, 1, 0],
    ]);
    expect(hours[1]).toMatchObject({ authenticated: 1, lagP99: 2_000, formats: ['json'], systems: ['platform'] });
    expect(hours[1]).toMatchObject({ lastSeenAt: NOW - 3 * MINUTE + 1_000, lastEventTime: NOW - 3 * MINUTE - 1_000 });
  });

  it('says when each was last heard', async () => {
    const heard = await queries.lastHeard(NOW - 24 * 60 * MINUTE, NOW);
    expect(heard.find(({ source }) => source === 'web')?.at).toBe(NOW - 3 * MINUTE);
    expect(await queries.lastHeard(NOW - 24 * 60 * MINUTE, NOW - 12 * 60 * MINUTE)).toEqual([]);
  });

  it('has the latest revision of the findings about it', async () => {
    const table = new TableWriter(client, FINDINGS);
    const silence = aFinding({ detector: 'source-silence', source: 'db', firstTime: NOW - MINUTE, lastTime: NOW });
    const later = { ...silence, revision: silence.revision + 1, count: 9 };
    const elsewhere = aFinding({
      id: '00000000-0000-8000-8000-00000000ffff',
      detector: 'source-silence',
      source: 'web',
    });
    await table.write([silence, later, elsewhere]);
    const found = await queries.findings('db', ['source-silence'], NOW - 10 * MINUTE);
    expect(found.map(({ count }) => count)).toEqual([9]);
    expect(await queries.findings('db', ['clock-skew'], NOW - 10 * MINUTE)).toEqual([]);
  });
});
