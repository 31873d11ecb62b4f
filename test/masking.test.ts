import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, expect, it } from 'vitest';
import { Feed } from '../src/feed/feed.ts';
import { logMasker, readMasker } from '../src/masking.ts';
import { RecordedRegistry } from '../src/registry/recorded-registry.ts';
import { FakeSocket } from './feed/fake-socket.ts';
import { finding, pulse } from './feed/samples.ts';
import { MemoryTable } from './registry/version-table.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'wanglou-masking-'));
afterAll(() => rmSync(dataDir, { recursive: true }));

it('masks the fields that the registry tags as personal, from when it does', async () => {
  const registry = new RecordedRegistry({ table: new MemoryTable() });
  await registry.start();
  const masker = await readMasker(dataDir, registry);
  const line = '{"diagnosis":"J45.9","ward":"J45.9"}';
  expect(masker.text(line)).toBe(line);
  const fields = [{ name: 'diagnosis', tags: ['sensitive'] }, 'ward'];
  const entries = [{ id: 'patients', name: '患者', level: 'important', fields }];
  await registry.record([{ list: 'assets', key: 'patients', entries }], { origin: 'api', by: 'wang' });
  // What was looked at before is looked at again.
  expect(masker.text(line)).toMatch(/^\{"diagnosis":"‹个人信息\/personal#[\w-]{10}›","ward":"J45\.9"\}$/);
  await registry.stop();
});

it('gives a value the same pseudonym in every program on the data directory', async () => {
  const [one, other] = [await readMasker(dataDir), await readMasker(dataDir)];
  expect(one.text('mobile=13912345678')).toBe(other.text('mobile=13912345678'));
});

it('masks the lines of a log, what errors in them say too', () => {
  const lines: string[] = [];
  const log = pino({ hooks: { streamWrite: logMasker() } }, { write: (line: string) => void lines.push(line) });
  log.error(
    { err: new Error("Syntax error at xm = '李娜'"), url: '/api/v1/events/13912345678' },
    'no 11010519491231002X',
  );
  expect(lines.join('')).toContain('Syntax error');
  expect(lines.join('')).not.toMatch(/李娜|13912345678|11010519491231002X/);
});

it('masks everything that the feed sends: findings, sources and problems', async () => {
  const masker = await readMasker(dataDir);
  const feed = new Feed({ mask: (data) => masker.data(data), problems: () => ['手机 13912345678 的记录写不进去'] });
  const socket = new FakeSocket();
  const explanation = { zh: '读取了 姓名：李娜', en: 'read xm=李娜' };
  feed.finding(finding('one', { explanation }));
  feed.pulse(pulse(Date.now()));
  feed.connect(socket);
  const sent = socket.sent.join('');
  expect(sent).toContain('name#');
  expect(sent).not.toMatch(/李娜|13912345678/);
});
