import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Event } from '../../src/event/event.ts';
import { lifeEventOf } from '../../src/finding/lifecycle.ts';
import type { StoreClient } from '../../src/store/client.ts';
import { ProfileQueries, type SubjectKind, type SubjectSpan } from '../../src/store/profile-queries.ts';
import { TableWriter } from '../../src/store/table-writer.ts';
import { FINDINGS, LIVES } from '../../src/store/tables.ts';
import { eventAt } from '../detection/judge.ts';
import { aFinding } from '../store/a-finding.ts';
import { storeWithEvents, type FilledStore } from './filled-store.ts';

const reader = { actor: 'qm-wu', person: 'p-1', vendor: 'qiming', contract: 'qm-2026', system: 'aid' };
const events: Event[] = [
  eventAt('2026-11-18T23:30', { ...reader, asset: 'families', action: 'read', rows: 70, purpose: 'repair' }),
  eventAt('2026-11-19T00:10', { ...reader, asset: 'families', action: 'export', rows: 30, caseNumber: 'C-1' }),
  eventAt('2026-11-19T00:40', { ...reader, asset: 'summary', action: 'read', rows: 5, privileged: true }),
  eventAt('2026-11-19T09:00', {
    actor: 'li.na',
    department: 'aid',
    asset: 'families',
    action: 'share',
    recipient: 'tax',
  }),
];
const at = (iso: string): number => Date.parse(`${iso}+08:00`);
const span = (kind: SubjectKind, id: string): SubjectSpan => ({
  kind,
  id,
  from: at('2026-11-18T00:00'),
  to: at('2026-11-20T00:00'),
});

let store: FilledStore;
let client: StoreClient;
let queries: ProfileQueries;
beforeAll(async () => {
  store = await storeWithEvents(events);
  ({ client } = store);
  queries = new ProfileQueries(client);
});
afterAll(() => store.stop());

describe('what a subject did, in the real store', () => {
  it('falls into the days and hours of the zone that is asked for, each event once', async () => {
    expect(await queries.hours(span('actor', 'qm-wu'), 'Asia/Shanghai')).toEqual([
      { day: '2026-11-18', hour: 23, events: 1, rows: 70 },
      { day: '2026-11-19', hour: 0, events: 2, rows: 35 },
    ]);
    expect(await queries.hours(span('actor', 'qm-wu'), 'Asia/Urumqi')).toMatchObject([
      { day: '2026-11-18', hour: 21 },
      { day: '2026-11-18', hour: 22 },
    ]);
  });

  it('is summed up by name, most rows first, also for those that state none', async () => {
    const shown = (uses: { name: string; events: number; rows: number }[]) => uses.map((use) => [use.name, use.events, use.rows]); // prettier-ignore
    expect(shown(await queries.uses(span('vendor', 'qiming'), 'asset', 10))).toEqual([
      ['families', 2, 100],
      ['summary', 1, 5],
    ]);
    expect(shown(await queries.uses(span('asset', 'families'), 'actor', 1))).toEqual([['qm-wu', 2, 100]]);
    expect(shown(await queries.uses(span('asset', 'families'), 'purpose', 10))).toEqual([
      ['repair', 1, 70],
      ['', 2, 30],
    ]);
  });

  it('has a first and a last time, or none', async () => {
    const times = { first: at('2026-11-18T23:30'), last: at('2026-11-19T00:40') };
    expect(await queries.seen(span('actor', 'qm-wu'))).toEqual(times);
    expect(await queries.seen({ ...span('actor', 'qm-wu'), to: times.last })).toMatchObject({
      last: at('2026-11-19T00:10'),
    });
    expect(await queries.seen(span('actor', "nobody' OR 1=1 --"))).toBeUndefined();
  });

  it('says how often a purpose, a case and a recipient were stated', async () => {
    expect(await queries.reasons(span('asset', 'families'))).toEqual({
      events: 3,
      actors: 2,
      withPurpose: 1,
      withCase: 1,
      withGrant: 0,
      outward: 2,
      withoutRecipient: 1,
    });
  });

  it('names the persons of a vendor by contract and system', async () => {
    const { from, to } = span('vendor', 'qiming');
    expect(await queries.vendorUses('qiming', from, to)).toEqual([
      {
        ...{ contract: 'qm-2026', actor: 'qm-wu', person: 'p-1', system: 'aid', events: 3, rows: 105, privileged: 1 },
        ...{ first: at('2026-11-18T23:30'), last: at('2026-11-19T00:40') },
      },
    ]);
  });
});

describe('findings about a subject, in the real store', () => {
  const id = (n: number): string => `6f1c3a52-8f0b-5a52-9d3e-00000000030${n}`;
  const about = { causedAt: at('2026-11-19T01:00'), lastTime: at('2026-11-19T01:00') };

  it('come in their latest revision, those about other accounts of the person included', async () => {
    const first = aFinding({ ...about, id: id(1), actor: 'qm-wu', person: 'p-1', vendor: 'qiming' });
    const second = { ...first, revision: 2, score: 80 };
    const other = aFinding({ ...about, id: id(2), actor: 'qm-wu-2', person: 'p-1', vendor: 'qiming' });
    const stranger = aFinding({ ...about, id: id(3), actor: 'li.na', person: '', vendor: '' });
    await new TableWriter(client, FINDINGS).write([first, second, other, stranger]);
    await new TableWriter(client, LIVES).write([lifeEventOf(first), lifeEventOf(stranger)]);
    const found = async (person: string) =>
      (await queries.findings(span('actor', 'qm-wu'), person, 10)).map(({ id, revision }) => [id, revision]);
    expect(await found('')).toEqual([[id(1), 2]]);
    expect(await found('p-1')).toEqual([
      [id(2), 1],
      [id(1), 2],
    ]);
    const { from, to } = span('vendor', '');
    expect((await queries.findingsOfVendors(from, to)).map((finding) => finding.id).sort()).toEqual([id(1), id(2)]);
    expect(await queries.livesOfVendors(from, to)).toEqual([lifeEventOf(first)]);
  });
});
