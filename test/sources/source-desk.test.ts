import { describe, expect, it } from 'vitest';
import { emptyEvent, type Event } from '../../src/event/event.ts';
import { registryFrom } from '../../src/registry/registry-from.ts';
import type { RegistryInput } from '../../src/registry/schema.ts';
import { HeardHours } from '../../src/sources/heard-hours.ts';
import { FakeCoverageStore } from '../api/fake-coverage-store.ts';
import { SourceDesk } from '../../src/sources/source-desk.ts';
import type { SourceHour } from '../../src/store/source-queries.ts';
import { FakeSourceStore } from '../api/fake-source-store.ts';
import { aFinding } from '../store/a-finding.ts';

const NOW = Date.parse('2026-11-24T10:30:30Z');
const HOUR = 3_600_000;
const REGISTRY: RegistryInput = {
  departments: [{ id: 'aid', name: '民政局' }],
  vendors: [{ id: 'qiming', name: '启明' }],
  systems: [
    { id: 'platform', name: '救助平台', department: 'aid', builtBy: 'qiming', hosts: ['db-01'] },
    { id: 'portal', name: '门户', department: 'aid' },
  ],
  assets: [
    { id: 'families', name: '家庭', level: 'important', system: 'platform', owner: 'aid' },
    { id: 'news', name: '新闻', level: 'general-1', system: 'portal', owner: 'aid' },
    { id: 'nowhere', name: '无主', level: 'core' },
  ],
  sources: [
    { id: 'db', name: '数据库', system: 'platform', format: 'postgres-csvlog', silenceLimitMinutes: 15 },
    { id: 'old', system: 'platform' },
  ],
};
const THIS_HOUR = NOW - (NOW % HOUR);
const sum = (source: string, changes: Partial<SourceHour> = {}): SourceHour => ({
  ...{ source, at: THIS_HOUR, events: 10, unparsed: 1, authenticated: 10, lagP50: 20, lagP99: 900, formats: ['json'] },
  ...{ systems: [], lastSeenAt: NOW - 1_000, lastEventTime: NOW - 1_100 },
  ...changes,
});

function aDesk(store = new FakeSourceStore(), events: Event[] = [], ledger = new FakeCoverageStore()): SourceDesk {
  return new SourceDesk({
    store,
    events: { searchEvents: async () => ({ events }) },
    registry: { current: () => registryFrom(REGISTRY) },
    live: { sources: () => [] },
    detectors: [
      { name: 'brute-force', title: { zh: '猜口令', en: 'Guessing' }, watches: ({ action }) => action === 'sign-in' },
      { name: 'bulk-read', title: { zh: '批量', en: 'Bulk' }, watches: ({ action }) => action === 'read' },
    ],
    ledger,
    now: () => NOW,
  });
}

describe('the coverage by sources', () => {
  it('lists registered sources and heard ones alike, with whose they are, the unwell first', async () => {
    const store = new FakeSourceStore();
    store.sent = [sum('db'), sum('syslog-udp/192.0.2.9', { authenticated: 0, systems: ['portal'] })];
    const { sources } = await aDesk(store).coverage();
    expect(sources.map(({ id, problem, proof, registered }) => [id, problem, proof, registered])).toEqual([
      ['old', 'unheard', '', true],
      ['db', '', 'all', true],
      ['syslog-udp/192.0.2.9', '', 'none', false],
    ]);
    expect(sources[1]).toMatchObject({
      name: { zh: '数据库' },
      system: { id: 'platform' },
      department: { name: { zh: '民政局' } },
      vendor: { id: 'qiming' },
      formats: ['json'],
    });
    expect(sources[1]!.hours).toHaveLength(24);
    expect(sources[1]!.hours.at(-1)).toBe(10);
  });

  it("takes the registry's limit of silence", async () => {
    const problemAfter = async (ms: number): Promise<string | undefined> => {
      const store = new FakeSourceStore();
      store.sent = [sum('db', { lastSeenAt: NOW - ms })];
      return (await aDesk(store).coverage()).sources.find(({ id }) => id === 'db')?.problem;
    };
    expect(await problemAfter(14 * 60_000)).toBe('');
    expect(await problemAfter(16 * 60_000)).toBe('silent');
  });

  it('remembers for 30 days when a source was last heard', async () => {
    const store = new FakeSourceStore();
    store.heard = [
      { source: 'db', at: NOW - 29 * 24 * HOUR },
      { source: 'gone', at: NOW - 31 * 24 * HOUR },
    ];
    const { sources } = await aDesk(store).coverage();
    expect(sources.map(({ id, problem }) => [id, problem])).toEqual([
      ['db', 'silent'],
      ['old', 'unheard'],
    ]);
  });

  it('names systems and assets that no registered source covers, and who is heard about them all the same', async () => {
    const store = new FakeSourceStore();
    store.sent = [sum('syslog-udp/192.0.2.9', { systems: ['portal'] })];
    const { holes, systems, assets } = await aDesk(store).coverage();
    expect(systems).toEqual({ all: 2, covered: 1 });
    expect(assets).toEqual({ all: 3, covered: 1 });
    expect(holes.map(({ kind, id, heard }) => [kind, id, heard])).toEqual([
      ['system', 'portal', ['syslog-udp/192.0.2.9']],
      ['asset', 'news', ['syslog-udp/192.0.2.9']],
      ['asset', 'nowhere', []],
    ]);
  });
});

describe('a source by itself', () => {
  it('has its gaps, with the finding that told of the silence', async () => {
    const store = new FakeSourceStore();
    const minute = 60_000;
    const begin = Math.floor(NOW / minute) * minute - 120 * minute;
    const at = (n: number) => ({ at: begin + n * minute, events: 5, unparsed: 1, lagP50: 1, lagP99: 2 });
    store.sent = [sum('db')];
    store.stepped = [...Array(60).keys(), ...Array.from({ length: 30 }, (_, n) => 90 + n)].map(at);
    const told = { detector: 'source-silence', firstTime: begin + 75 * minute, lastTime: begin + 80 * minute };
    store.found = [aFinding({ id: 'f-1', ...told })];
    const detail = await aDesk(store).of('db', 'day');
    expect(detail.gaps).toEqual([{ from: begin + 60 * minute, to: begin + 90 * minute, open: false, finding: 'f-1' }]);
    expect(detail.gapLimitMs).toBe(15 * minute);
    expect(detail.entry).toMatchObject({ encoding: 'utf-8', silenceLimitMs: 15 * minute });
  });

  it('says which detectors look at what it sends', async () => {
    const store = new FakeSourceStore();
    store.sent = [sum('db')];
    const events = ['sign-in', 'sign-in', 'share'].map((action) => ({ ...emptyEvent(), action }));
    const { watchers, sampled } = await aDesk(store, events).of('db', 'day');
    expect(watchers).toEqual([{ detector: 'brute-force', title: { zh: '猜口令', en: 'Guessing' }, events: 2 }]);
    expect(sampled).toBe(3);
  });

  it('holds what was received against what is stored, and knows from when on it counted', async () => {
    const store = new FakeSourceStore();
    const minute = Math.floor(NOW / 60_000) * 60_000;
    store.sent = [sum('db')];
    store.stepped = [{ at: minute - 60_000, events: 7, unparsed: 2, lagP50: 1, lagP99: 1 }];
    const counted = new FakeCoverageStore();
    counted.epochList = [{ epoch: 'e', instance: '', startedAt: minute - 50_000, statedAt: minute, ended: false }];
    const none = { lost: 0, appended: 7 };
    counted.doorList = [
      { source: 'db', minute: minute - 60_000, received: 8, refused: { full: 1 }, ...none },
      { source: 'other', minute: minute - 60_000, received: 5, refused: {}, ...none },
    ];
    const { ledger, countedSince } = await aDesk(store, [], counted).of('db', 'day');
    expect(ledger.slice(0, 3)).toEqual([
      { at: minute, received: 0, refused: 0, stored: 0, unparsed: 0 },
      { at: minute - 60_000, received: 8, refused: 1, stored: 7, unparsed: 2 },
      { at: minute - 120_000, received: null, refused: 0, stored: 0, unparsed: 0 },
    ]);
    expect(countedSince).toBe(minute - 50_000);
  });

  it('that nobody registered or heard is not found', async () => {
    await expect(aDesk().of('nobody', 'day')).rejects.toMatchObject({ code: 'WL_NOT_FOUND' });
  });
});

describe('the hours of the sources', () => {
  it('are asked for once when they are over, and add up', async () => {
    const store = new FakeSourceStore();
    store.sent = [
      sum('db', { at: THIS_HOUR - HOUR, events: 5, formats: ['csv'], lastSeenAt: NOW - HOUR }),
      sum('db', { lagP99: 7 }),
      sum('db', { at: THIS_HOUR - 24 * HOUR, events: 1_000 }),
    ];
    const asked: [number, number][] = [];
    const hours = new HeardHours({
      lastHeard: async () => [],
      hours: async (from, to) => {
        asked.push([from, to]);
        return store.hours(from, to);
      },
    });
    expect(await hours.sums(NOW)).toMatchObject([
      { source: 'db', events: 15, unparsed: 2, formats: ['csv', 'json'], lagP99: 7, lastSeenAt: NOW - 1_000 },
    ]);
    expect(asked).toHaveLength(4);
    asked.length = 0;
    expect(await hours.sums(NOW + 1_000)).toMatchObject([{ events: 15 }]);
    expect(asked).toEqual([[THIS_HOUR, THIS_HOUR + HOUR]]);
    asked.length = 0;
    await hours.sums(THIS_HOUR + HOUR + 60_000);
    await hours.sums(THIS_HOUR + HOUR + 120_000);
    expect(asked).toEqual([
      [THIS_HOUR, THIS_HOUR + 2 * HOUR],
      [THIS_HOUR, THIS_HOUR + 2 * HOUR],
    ]);
  });
});
