import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AuditEntry } from '../../src/access/audit/entry.ts';
import { WanglouError } from '../../src/errors.ts';
import { ExportDesk, type Exporter } from '../../src/exports/export-desk.ts';
import { ExportFiles } from '../../src/exports/export-files.ts';
import type { ExportWish } from '../../src/exports/export-job.ts';
import { FakeExports } from './fake-exports.ts';

const WISH: ExportWish = {
  query: { of: 'sharing', range: { from: 0, to: 1 }, asOf: 1 },
  ...{ asked: { from: '0' }, format: 'csv', zone: 'Asia/Shanghai', bom: false },
};
const WANG: Exporter = { account: 'wang', roles: ['auditor'], scope: null };
const LI: Exporter = { ...WANG, account: 'li' };
const HOUR_MS = 3_600_000;

let folder: string;
let fake: FakeExports;
let recorded: Partial<AuditEntry>[];
let problems: string[];
let now: number;
let rows: number;
let record: () => Promise<void>;
let desk: ExportDesk;

function deskOn(limits = { quotaBytes: 100_000, keepMs: HOUR_MS, perPerson: 2 }): ExportDesk {
  return new ExportDesk({
    ...{ files: new ExportFiles(folder), start: fake.start, limits, now: () => now },
    count: async () => rows,
    record: async (entry) => {
      await record();
      recorded.push(entry);
    },
    onProblem: (problem) => problems.push(problem),
  });
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wanglou-exports-'));
  [fake, recorded, problems, now, rows] = [new FakeExports(), [], [], 1_000_000, 10];
  record = async () => undefined;
  desk = deskOn();
  await desk.start();
});
afterEach(async () => {
  await desk.stop();
  expect(problems).toEqual([]);
  rmSync(folder, { recursive: true });
});

const stateOf = (id: string, who = WANG): string => desk.of(id, who).state;
const ended = (id: string, state: string): Promise<void> => vi.waitFor(() => expect(stateOf(id)).toBe(state));

describe('an export', () => {
  it('is made after those before it, tells how far it is, and is there with its manifest when it is recorded', async () => {
    const [first, second] = [await desk.create(WISH, WANG), await desk.create(WISH, WANG)];
    expect([first, second].map(({ place }) => place)).toEqual([0, 1]);
    fake.tell(4, 40);
    expect(desk.of(first.id, WANG)).toMatchObject({ state: 'running', progress: { rows: 4, bytes: 40 } });
    expect(() => desk.fileOf(first.id, WANG)).toThrow('there is no file of it');
    fake.make('a,b\r\n', 10);
    await ended(first.id, 'done');
    expect(recorded).toMatchObject([
      { action: 'export.made', account: 'wang', outcome: 'success', rows: 10, asked: '{"from":"0"}' },
    ]);
    expect(recorded[0]!.object).toContain(desk.of(first.id, WANG).result!.sha256);
    expect(existsSync(desk.fileOf(first.id, WANG).path)).toBe(true);
    expect(await desk.manifestOf(first.id, WANG)).toBe('{"manifest":{}}');
    await ended(second.id, 'running');
  });

  it('is not handed out when it can not be recorded', async () => {
    record = async () => Promise.reject(new WanglouError('WL_AUDIT_AWAY', 'The audit trail can not be written'));
    const { id } = await desk.create(WISH, WANG);
    fake.make('a,b\r\n');
    await ended(id, 'failed');
    expect(desk.of(id, WANG).failure).toMatchObject({ reason: 'audit-away' });
    await vi.waitFor(() => expect(readdirSync(folder)).toEqual([`${id}.job.json`]));
  });

  it('leaves no part of a file when it fails or is cancelled, and the next begins', async () => {
    const [first, second] = [await desk.create(WISH, WANG), await desk.create(WISH, WANG)];
    writeFileSync(`${fake.asked[0]!.path}.part`, 'half');
    fake.end({ failure: { reason: 'disk-full', message: 'the volume is 96 % full' } });
    await ended(first.id, 'failed');
    await ended(second.id, 'running');
    expect(recorded).toMatchObject([{ outcome: 'failed', object: expect.stringContaining('96 % full') as string }]);
    writeFileSync(`${fake.asked[1]!.path}.part`, 'half');
    expect(await desk.remove(second.id, WANG)).toMatchObject({ state: 'cancelled' });
    expect(fake.killed).toEqual([second.id]);
    await vi.waitFor(() => expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]));
  });

  it('is only of whoever asked for it, with the scope that they had then', async () => {
    const limited = { ...WANG, scope: { departments: ['civil'], vendors: [] } };
    const { id } = await desk.create(WISH, limited);
    expect(stateOf(id, limited)).toBe('running');
    for (const other of [LI, WANG, { ...WANG, scope: { departments: ['tax'], vendors: [] } }]) {
      expect(() => desk.of(id, other)).toThrow('no export');
      expect(() => desk.fileOf(id, other)).toThrow('no export');
      expect(desk.list(other)).toEqual([]);
      await expect(desk.remove(id, other)).rejects.toThrow('no export');
    }
  });

  it('is refused to somebody who has enough of them waiting, and to nobody else', async () => {
    await desk.create(WISH, WANG);
    await desk.create(WISH, WANG);
    await expect(desk.create(WISH, WANG)).rejects.toMatchObject({ code: 'WL_TOO_MANY' });
    expect((await desk.create(WISH, LI)).state).toBe('queued');
  });

  it('is refused when there is no room for it, until another is removed', async () => {
    const { id } = await desk.create(WISH, WANG);
    fake.make('x'.repeat(98_000));
    await ended(id, 'done');
    await expect(desk.create(WISH, WANG)).rejects.toMatchObject({ code: 'WL_EXPORTS_FULL', status: 507 });
    await desk.remove(id, WANG);
    expect(readdirSync(folder)).toEqual([]);
    expect((await desk.create(WISH, WANG)).state).toBe('running');
  });

  it('is deleted when its time has come, and says so', async () => {
    const { id } = await desk.create(WISH, WANG);
    fake.make('a');
    await ended(id, 'done');
    now += HOUR_MS - 1;
    await desk.expire();
    expect(stateOf(id)).toBe('done');
    now += 1;
    await desk.expire();
    expect(stateOf(id)).toBe('expired');
    expect(readdirSync(folder)).toEqual([`${id}.job.json`]);
    expect(() => desk.fileOf(id, WANG)).toThrow('is expired');
  });

  it('is estimated by the last of its kind', async () => {
    rows = 2_000;
    const before = await desk.estimate({ query: WISH.query, format: 'csv' }, WANG);
    expect(before).toMatchObject({ rows: 2_000, bytes: 500_000 });
    desk = deskOn({ quotaBytes: 1e9, keepMs: HOUR_MS, perPerson: 2 });
    const { id } = await desk.create(WISH, WANG);
    now += 1_000;
    fake.make('x'.repeat(20_000), 2_000);
    await ended(id, 'done');
    rows = 6_000;
    expect(await desk.estimate({ query: WISH.query, format: 'csv' }, WANG)).toEqual({
      rows: 6_000,
      bytes: 60_000,
      ms: 3_000,
    });
  });
});

describe('after a restart', () => {
  it('what was being made is made again from the beginning, three times at most', async () => {
    const { id } = await desk.create(WISH, WANG);
    for (const attempt of [2, 3]) {
      writeFileSync(`${fake.asked.at(-1)!.path}.part`, 'half');
      await desk.stop();
      desk = deskOn();
      await desk.start();
      expect(stateOf(id)).toBe('running');
      expect(fake.asked.at(-1)!.job).toMatchObject({ id, attempts: attempt, query: WISH.query });
      expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
    }
    await desk.stop();
    desk = deskOn();
    await desk.start();
    expect(desk.of(id, WANG)).toMatchObject({ state: 'failed', failure: { reason: 'restarted' } });
  });

  it('what was made is there, unless its file is not the whole any more', async () => {
    const made: string[] = [];
    for (const content of ['whole', 'short']) {
      made.push((await desk.create(WISH, WANG)).id);
      fake.make(content);
      await ended(made.at(-1)!, 'done');
    }
    writeFileSync(desk.fileOf(made[1]!, WANG).path, 'sho');
    writeFileSync(join(folder, '00000000-0000-4000-8000-000000000000.csv'), 'of no job');
    await desk.stop();
    desk = deskOn();
    await desk.start();
    expect(made.map((id) => stateOf(id))).toEqual(['done', 'failed']);
    expect(readdirSync(folder)).not.toContain('00000000-0000-4000-8000-000000000000.csv');
  });
});
