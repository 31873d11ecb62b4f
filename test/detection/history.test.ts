import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { detectors } from '../../detectors/index.ts';
import { BaselineBook } from '../../src/detection/baseline.ts';
import type { Event } from '../../src/event/event.ts';
import { keyedId } from '../../src/event/id.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { RecordedRegistry } from '../../src/registry/recorded-registry.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { MemoryTable } from '../registry/version-table.ts';
import { judgeInEngine } from './engine-judge.ts';
import { eventAt } from './judge.ts';

/**
 * Last week is judged again after the registry has changed: every detector, through the real engine, with the registry in
 * its recorded form. What was so then stays so, and what was only recorded later is seen by those who ask with today's
 * knowledge.
 */

const LAST_WEEK = Date.parse('2026-11-16T08:00+08:00');
const TODAY = Date.parse('2026-11-20T09:00+08:00');

const grant = { id: 'SQ-1', asset: 'recipients', recipient: 'culture', from: '2026-01-01', to: '2026-12-31' };
const contract = { id: 'HT-1', vendor: 'yunzhan', systems: ['aid'], from: '2026-01-01', to: '2026-12-31' };
const FILES: Record<string, object[]> = {
  departments: [
    { id: 'civil', name: '民政局' },
    { id: 'culture', name: '文旅局' },
    { id: 'transport', name: '交通局' },
  ],
  vendors: [{ id: 'yunzhan', name: '云栈科技' }],
  systems: [{ id: 'aid', name: '救助系统', department: 'civil', hosts: ['aid01'], runBy: 'yunzhan' }],
  assets: [{ id: 'recipients', name: '低保对象信息', level: 'important', owner: 'civil', system: 'aid' }],
  accounts: [
    { id: 'wangfang', login: 'wangfang', department: 'civil', openedAt: '2024-03-01' },
    { id: 'chenjie', login: 'chenjie', department: 'culture', openedAt: '2024-03-01' },
    { id: 'sunli', login: 'sunli', department: 'transport', openedAt: '2024-03-01' },
    { id: 'yz_liu', login: 'yz_liu', vendor: 'yunzhan', openedAt: '2024-03-01' },
  ],
  contracts: [contract],
  grants: [grant],
  calendar: [{ year: 2026 }],
};

let sequence = 0;
/** A line as the collectors hand it on: who and what are still to be looked up. */
function line(iso: string, account: string, fields: Partial<Event> = {}): Event {
  const event = eventAt(iso, {
    classUid: 6005,
    action: 'query',
    outcome: 'success',
    account,
    asset: 'recipients',
    rows: 20,
    host: 'aid01',
    clientAddress: '192.0.2.10',
    ...fields,
  });
  return { ...event, id: keyedId('history', iso, account), sequence: sequence++ };
}

/** A workweek of three departments and a vendor at work, and a Sunday on which somebody came in. */
const week = (): Event[] => [
  ...['09', '10', '11', '12', '13'].flatMap((day) => [
    line(`2026-11-${day}T09:10`, 'wangfang'),
    line(`2026-11-${day}T10:00`, 'chenjie'),
    line(`2026-11-${day}T10:30`, 'yz_liu', { classUid: 3002, action: 'sign-in', asset: '', rows: 0 }),
    line(`2026-11-${day}T11:00`, 'sunli'),
  ]),
  line('2026-11-15T10:00', 'wangfang'),
];
/** What the same people do today, after the change. */
const today = (): Event[] => [
  line('2026-11-20T10:00', 'chenjie'),
  line('2026-11-20T10:30', 'yz_liu', { classUid: 3002, action: 'sign-in', asset: '', rows: 0 }),
];

async function judged(events: readonly Event[], registry: Registry): Promise<Finding[]> {
  const baseline = new BaselineBook(() => registry);
  return (await judgeInEngine(detectors, events, { registry, baseline })).findings;
}
const kinds = (findings: readonly Finding[]) => [
  ...new Set(findings.map(({ detector, actor }) => `${detector} ${actor}`)),
];

let folder: string;
let table: MemoryTable;
const started: RecordedRegistry[] = [];

/** The registry of the files as they are now, with everything that was recorded before. */
async function open(now: number): Promise<RecordedRegistry> {
  const registry = new RecordedRegistry({ table, folder, now: () => now });
  started.push(registry);
  await registry.start();
  return registry;
}
function write(name: string, entries: object[]): void {
  writeFileSync(join(folder, `${name}.yaml`), stringify(entries));
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wanglou-history-'));
  table = new MemoryTable();
  for (const [name, entries] of Object.entries(FILES)) write(name, entries);
});
afterEach(async () => {
  for (const registry of started.splice(0)) await registry.stop();
  rmSync(folder, { recursive: true });
});

describe('last week, judged again', () => {
  it('gives last week’s findings after a grant was revoked and a contract was ended today', async () => {
    const before = await judged(week(), (await open(LAST_WEEK)).current());
    expect(kinds(before).sort()).toEqual(['access-without-grant sunli', 'off-hours-access wangfang']);

    write('grants', [{ ...grant, revokedAt: '2026-11-20T09:00' }]);
    write('contracts', [{ ...contract, to: '2026-11-19' }]);
    const registry = (await open(TODAY)).current();
    expect(await judged(week(), registry)).toEqual(before);
    expect(kinds(await judged(today(), registry)).sort()).toEqual([
      'access-outside-validity chenjie',
      'vendor-after-contract yz_liu',
    ]);
  });

  it('finds more with today’s knowledge when the end lies before, and the same with what was known then', async () => {
    const before = await judged(week(), (await open(LAST_WEEK)).current());
    write('grants', [{ ...grant, revokedAt: '2026-11-11T00:00' }]);
    write('contracts', [{ ...contract, to: '2026-11-11' }]);
    const registry = await open(TODAY);
    expect(kinds(await judged(week(), registry.current()))).toEqual(
      expect.arrayContaining([...kinds(before), 'access-outside-validity chenjie', 'vendor-after-contract yz_liu']),
    );
    expect(await judged(week(), registry.asOf(LAST_WEEK))).toEqual(before);
  });

  it('takes a Sunday that is declared a make-up workday afterwards for one, and for a Sunday as of before', async () => {
    const before = await judged(week(), (await open(LAST_WEEK)).current());
    write('calendar', [{ year: 2026, workdays: ['2026-11-15'] }]);
    const registry = await open(TODAY);
    expect(kinds(await judged(week(), registry.current()))).toEqual(['access-without-grant sunli']);
    expect(await judged(week(), registry.asOf(LAST_WEEK))).toEqual(before);
  });

  it('gives the same for what people enter in the register as for files', async () => {
    const first = await open(LAST_WEEK);
    const before = await judged(week(), first.current());
    const second = new RecordedRegistry({ table, now: () => TODAY });
    started.push(second);
    await second.start();
    const revoked = { list: 'grants', key: 'SQ-1', entries: [{ ...grant, revokedAt: '2026-11-11T00:00' }] } as const;
    await second.record([revoked], { origin: 'api', by: 'wang' });
    expect(kinds(await judged(week(), second.current()))).toContain('access-outside-validity chenjie');
    expect(await judged(week(), second.asOf(LAST_WEEK))).toEqual(before);
    await first.refresh();
    expect(await judged(week(), first.current())).toEqual(await judged(week(), second.current()));
  });
});
