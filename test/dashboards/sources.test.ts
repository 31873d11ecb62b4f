import { describe, expect, it } from 'vitest';
import { waysTo } from '../../dashboards/src/sources/connect.ts';
import { barsPath, linePath, roundUp, ticksOf } from '../../dashboards/src/sources/series.ts';
import { chosen, queryOf, wishIn, type Wish } from '../../dashboards/src/sources/source-list.ts';
import type { SourceLine } from '../../src/sources/source.ts';

const line = (id: string, changes: Partial<SourceLine> = {}): SourceLine => ({
  ...{ id, name: { zh: id, en: id }, registered: true, system: null, department: null, vendor: null, formats: [] },
  ...{ proof: '', problem: '', rate: 0, lastSeenAt: 0, lastEventTime: 0, hours: [], events: 0, unparsed: 0 },
  ...{ lagP50: null, lagP99: null },
  ...changes,
});
const LINES = [
  line('web', { rate: 9, events: 100, unparsed: 1, lagP99: 5 }),
  line('db', { problem: 'silent', vendor: { id: 'qiming', name: { zh: '启明', en: 'Qiming' } } }),
  line('app', { registered: false, rate: 1, events: 10, unparsed: 9, lagP99: 900 }),
];
const ids = (wish: Partial<Wish>): string[] =>
  chosen(LINES, { text: '', state: '', sort: 'problem', ...wish }, ({ id }) => id).map(({ id }) => id);

describe('the list of sources', () => {
  it('has what is unwell first, and is sorted as asked', () => {
    expect(ids({})).toEqual(['db', 'app', 'web']);
    expect(ids({ sort: 'rate' })).toEqual(['web', 'app', 'db']);
    expect(ids({ sort: 'unparsed' })).toEqual(['app', 'web', 'db']);
    expect(ids({ sort: 'lag' })).toEqual(['app', 'web', 'db']);
    expect(ids({ sort: 'name' })).toEqual(['app', 'db', 'web']);
  });

  it('is filtered by state, and by any name in any language', () => {
    expect(ids({ state: 'silent' })).toEqual(['db']);
    expect(ids({ state: 'unregistered' })).toEqual(['app']);
    expect(ids({ state: 'well' })).toEqual(['app', 'web']);
    expect(ids({ text: '启明' })).toEqual(['db']);
    expect(ids({ text: 'QIMING' })).toEqual(['db']);
  });

  it('is asked for in the address, where nonsense counts for nothing', () => {
    const wish: Wish = { text: 'a b', state: 'silent', sort: 'rate' };
    expect(wishIn(new URLSearchParams(queryOf(wish)))).toEqual(wish);
    expect(wishIn(new URLSearchParams('state=maybe&sort=__proto__&text='))).toEqual({
      text: '',
      state: '',
      sort: 'problem',
    });
    expect(queryOf({ text: '', state: '', sort: 'problem' })).toBe('');
  });
});

describe('the chart of a source', () => {
  const frame = { from: 0, to: 100, stepMs: 10, width: 100, height: 50, top: 10 };

  it('draws a bar a step, and none where nothing came', () => {
    expect(
      barsPath(
        [
          { at: 20, value: 5 },
          { at: 30, value: 0 },
        ],
        frame,
      ),
    ).toBe('M20.0 50v-25.0h10.0v25.0z');
  });

  it('breaks a line where steps are missing', () => {
    const points = [0, 10, 50].map((at) => ({ at, value: 10 }));
    expect(linePath(points, frame).match(/M/g)).toHaveLength(2);
    expect(linePath(points, frame)).not.toContain('NaN');
  });

  it('has round numbers and whole hours or days at its edges', () => {
    expect([0, 1, 3, 11, 600].map(roundUp)).toEqual([1, 1, 5, 20, 1_000]);
    const now = Date.parse('2026-11-24T10:30:00Z');
    const hours = ticksOf(now - 86_400_000, now);
    expect(hours).toHaveLength(6);
    for (const at of hours) expect(new Date(at).getMinutes()).toBe(0);
    const days = ticksOf(now - 90 * 86_400_000, now);
    expect(days.length).toBeGreaterThan(4);
    for (const at of days) expect(new Date(at).getHours()).toBe(0);
  });
});

describe('how to connect a source', () => {
  it('names the ports that the collectors listen on, and no secret', () => {
    const ways = waysTo(
      [
        { name: 'syslog-tcp', listening: '127.0.0.1:15514' },
        { name: 'http', listening: 'http://127.0.0.1:18088' },
      ],
      'wanglou.example',
    );
    const textOf = (name: string): string => ways.find((way) => way.name === name)!.text;
    expect(textOf('rsyslog')).toContain('target="wanglou.example" port="15514"');
    expect(textOf('curl')).toContain('http://wanglou.example:18088/ingest');
    expect(textOf('filebeat')).toContain('http://wanglou.example:18088');
    expect(textOf('curl')).toContain('$(cat data/access/ingest-token)');
  });

  it('falls back on the usual ports while nothing is known', () => {
    expect(waysTo([], 'h').map(({ text }) => text.match(/5514|8088/)?.[0])).toEqual(['5514', '8088', '8088', '5514']);
  });
});
