import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EmbeddedEventLog } from '../../src/event-log/embedded.ts';
import { collect, record, textOf } from '../event-log/conformance.ts';
import { TOPICS } from '../event-log/conformance-topics.ts';
import { startWriter } from '../event-log/writer-process.ts';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'wanglou-log-'));
});

afterEach(() => rmSync(dir, { recursive: true }));

const ends = (error: Error): never => {
  throw error;
};

describe.skipIf(spawnSync('strace', ['-V']).error)('a disk that fails (needs strace)', () => {
  for (const after of [20, 35, 60])
    it(`ends the writer at once when fdatasync fails (the ${after}th time), and what was acknowledged is there`, async () => {
      const fault = `inject=fdatasync:error=EIO:when=${after}+`;
      const writer = startWriter(dir, ['strace', '-f', '-qq', '-o', '/dev/null', '-e', 'trace=fdatasync', '-e', fault]);
      expect(await writer.ended).toBe(3);
      expect(writer.complaints.join()).toContain('the event log can not be written any more');
      const log = new EmbeddedEventLog({ dir, topics: TOPICS, onProblem: ends as never, onFatal: ends });
      await log.start();
      const found = await collect(log.readRange('events', 0, 0, Infinity));
      expect(found.map(({ offset }) => offset)).toEqual(found.map((_, n) => n));
      expect(found.length).toBeGreaterThanOrEqual(writer.acknowledged.length);
      expect(writer.acknowledged.length).toBeGreaterThan(5);
      await log.stop();
    });
});

describe.skipIf(!canMount())('a volume that fills (needs the right to mount)', () => {
  it('refuses what does not fit, has nothing of it, and goes on when there is room again', async () => {
    const volume = join(dir, 'volume');
    mkdirSync(volume);
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24M', 'tmpfs', volume]).status).toBe(0);
    const log = new EmbeddedEventLog({
      dir: join(volume, 'log'),
      topics: TOPICS,
      onProblem: () => undefined,
      onFatal: ends,
      space: async () => ({ freeBytes: 1 << 20, totalBytes: 1.1 * (1 << 20) }), // the limit is not seen in time
    });
    try {
      await log.start();
      const kept: string[] = [];
      const large = 'x'.repeat(3_000_000);
      for (let n = 0; n < 12; n++) {
        try {
          await log.append([record('events', 0, `${n} ${large}`)]);
          kept.push(`${n}`);
        } catch (error) {
          expect(error).toMatchObject({ reason: 'full' });
        }
      }
      expect(kept.length).toBeGreaterThan(3);
      expect(kept.length).toBeLessThan(12);
      const found = await collect(log.readRange('events', 0, 0, Infinity));
      expect(found.map((each) => textOf(each).split(' ')[0])).toEqual(kept);
      expect(spawnSync('mount', ['-o', 'remount,size=64M', volume]).status).toBe(0);
      expect(await log.append([record('events', 0, `after ${large}`)])).toEqual([kept.length]);
    } finally {
      await log.stop();
      spawnSync('umount', ['-l', volume]);
    }
  });
});

function canMount(): boolean {
  const at = mkdtempSync(join(tmpdir(), 'wanglou-mount-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1M', 'tmpfs', at]).status === 0;
  if (mounted) spawnSync('umount', [at]);
  rmSync(at, { recursive: true });
  return mounted;
}
