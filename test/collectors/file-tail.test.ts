import { createHash } from 'node:crypto';
import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileTail } from '../../src/collectors/file-tail.ts';
import { PositionsFile, type PositionStore, type TailPosition } from '../../src/collectors/positions-file.ts';
import { fullLog, identify, intakeOn, MemoryLog } from './doubles.ts';

let folder: string;
let log: MemoryLog;
let running: FileTail[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wanglou-tail-'));
  log = new MemoryLog();
  running = [];
});

afterEach(async () => {
  log.failure = undefined;
  for (const tail of running) await tail.stop();
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string): string => join(folder, name);

async function follow(
  pattern = 'app.log',
  options: { positions?: PositionStore; maxRecordBytes?: number } = {},
): Promise<FileTail> {
  const tail = new FileTail({
    intake: intakeOn(log, { limits: { maxWaitMs: 200 } }),
    identify,
    files: [{ path: at(pattern), source: 'app' }],
    positions: new PositionsFile(at('positions.json')),
    pollMs: 20,
    lingerMs: 100,
    ...options,
  });
  running.push(tail);
  await tail.start();
  return tail;
}

/** Texts by distinct id, in order: what is visible once. */
function visible(): string[] {
  return [...new Map(log.events().map((event) => [event.id, event.raw])).values()];
}

const lines = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => `line ${from + i}`);
const asText = (some: readonly string[]): string => some.map((line) => `${line}\n`).join('');
const poll = (read: () => unknown): ReturnType<typeof expect.poll> => expect.poll(read, { timeout: 5_000 });

describe('following a file', () => {
  it('reads from the beginning, then what is appended; an unfinished line waits', async () => {
    writeFileSync(at('app.log'), 'one\ntwo\nthr');
    await follow();
    await poll(() => log.raws()).toEqual(['one', 'two']);
    appendFileSync(at('app.log'), 'ee\r\nfour\n');
    await poll(() => log.raws()).toEqual(['one', 'two', 'three', 'four']);
    expect(log.events()[0]).toMatchObject({ source: 'app' });
  });

  it('waits for a file that is not there yet, and says so', async () => {
    const tail = await follow();
    await poll(() => tail.status().problem).toContain('no such file yet');
    writeFileSync(at('app.log'), 'late\n');
    await poll(() => log.raws()).toEqual(['late']);
    await poll(() => tail.status().problem).toBe('');
  });

  it('finds files by pattern, also those that appear later', async () => {
    writeFileSync(at('a.log'), 'a\n');
    await follow('*.log');
    await poll(() => log.raws()).toEqual(['a']);
    writeFileSync(at('b.log'), 'b\n');
    writeFileSync(at('b.log.gz'), 'not this\n');
    await poll(() => log.raws()).toEqual(['a', 'b']);
  });

  it('finishes a renamed file before its successor, also what its writer still adds', async () => {
    writeFileSync(at('app.log'), asText(lines(0, 1_000)));
    await follow();
    await poll(() => log.raws().length).toBe(1_000);
    appendFileSync(at('app.log'), asText(lines(1_000, 1_500)));
    renameSync(at('app.log'), at('app.log.1'));
    writeFileSync(at('app.log'), asText(['successor 1']));
    await poll(() => log.raws().length).toBe(1_501);
    appendFileSync(at('app.log.1'), 'last words\n');
    await poll(() => log.raws().length).toBe(1_502);
    expect(log.raws()).toEqual([...lines(0, 1_500), 'successor 1', 'last words']);
  });

  it('takes a last line without end when the file has been moved away for good', async () => {
    writeFileSync(at('app.log'), 'one\nno end');
    await follow();
    await poll(() => log.raws()).toEqual(['one']);
    unlinkSync(at('app.log'));
    await poll(() => log.raws()).toEqual(['one', 'no end']);
  });

  it('begins anew when the file is copied and truncated, even with equal lines at equal places', async () => {
    writeFileSync(at('app.log'), 'header\nsame\n');
    await follow();
    await poll(() => log.raws()).toEqual(['header', 'same']);
    copyFileSync(at('app.log'), at('app.log.1'));
    truncateSync(at('app.log'));
    await new Promise((resume) => setTimeout(resume, 100));
    appendFileSync(at('app.log'), 'header\nsame\n');
    await poll(() => visible()).toEqual(['header', 'same', 'header', 'same']);
  });

  it('notices a truncated file that has already grown past the place where it was', async () => {
    writeFileSync(at('app.log'), '10:00 one\n');
    await follow();
    await poll(() => log.raws()).toEqual(['10:00 one']);
    writeFileSync(at('app.log'), '11:00 two\n11:01 three\n');
    await poll(() => log.raws()).toEqual(['10:00 one', '11:00 two', '11:01 three']);
  });

  it('cuts lines over the limit, with length and hash, in constant memory', async () => {
    const long = 'x'.repeat(3_000_000);
    writeFileSync(at('app.log'), `first\n${long}\nnext\n`);
    await follow('app.log', { maxRecordBytes: 1_000 });
    await poll(() => log.raws().length).toBe(3);
    expect(log.events()[1]).toMatchObject({
      raw: 'x'.repeat(1_000),
      fault: `truncated: 3000000 bytes, sha256 ${createHash('sha256').update(long).digest('hex')}`,
    });
  });

  it('keeps bytes that are no text, and zeros that a truncation left out of the line', async () => {
    const gbk = Buffer.from([0xb5, 0xc7, 0xc2, 0xbc]); // 登录
    writeFileSync(at('app.log'), Buffer.concat([Buffer.alloc(500), gbk, Buffer.from('\n\xff\xfe\n', 'latin1')]));
    await follow();
    await poll(() => log.raws()).toEqual(['登录', '\xff\xfe']);
  });
});

describe('following over restarts', () => {
  it('goes on at the right byte', async () => {
    writeFileSync(at('app.log'), asText(lines(0, 100)) + 'half');
    const first = await follow();
    await poll(() => log.raws().length).toBe(100);
    await first.stop();
    appendFileSync(at('app.log'), asText([' line', ...lines(101, 200)]));
    await follow();
    await poll(() => log.raws().length).toBe(200);
    expect(log.raws()).toEqual([...lines(0, 100), 'half line', ...lines(101, 200)]);
  });

  it('reads the rest of a file that was renamed meanwhile, then its successor', async () => {
    writeFileSync(at('app.log'), 'one\n');
    const first = await follow();
    await poll(() => log.raws()).toEqual(['one']);
    await first.stop();
    appendFileSync(at('app.log'), 'two\n');
    renameSync(at('app.log'), at('app.log.1'));
    writeFileSync(at('app.log'), 'three\n');
    await follow();
    await poll(() => log.raws()).toEqual(['one', 'two', 'three']);
  });

  it('shows every line once when it is killed before its position is saved', async () => {
    const forgetful: PositionStore = { load: async () => [], save: async () => {} };
    writeFileSync(at('app.log'), asText(lines(0, 50)));
    await follow('app.log', { positions: forgetful });
    await poll(() => log.raws().length).toBe(50);
    appendFileSync(at('app.log'), asText(lines(50, 60)));
    await follow('app.log', { positions: forgetful });
    await poll(() => visible().length).toBe(60);
    expect(log.raws().length).toBeGreaterThanOrEqual(110);
    expect(visible()).toEqual(lines(0, 60));
  });

  it('saves no position of what is not durable', async () => {
    const saved: TailPosition[][] = [];
    const positions: PositionStore = { load: async () => [], save: async (some) => void saved.push([...some]) };
    log.failure = fullLog();
    writeFileSync(at('app.log'), 'one\n');
    const tail = await follow('app.log', { positions });
    await poll(() => tail.status().problem).toContain('positions are not saved');
    expect(saved.flat().map((position) => position.offset)).not.toContain(4);
    log.failure = undefined;
    await poll(() => saved.at(-1)?.[0]?.offset).toBe(4);
  });

  it('does not mistake another file for one whose inode it got', async () => {
    writeFileSync(at('app.log'), 'old one\nold two\n');
    const first = await follow();
    await poll(() => log.raws().length).toBe(2);
    await first.stop();
    const positions = JSON.parse(readFileSync(at('positions.json'), 'utf8')) as TailPosition[];
    expect(positions[0]).toMatchObject({ offset: 16, generation: 0 });
    writeFileSync(at('app.log'), 'new one\nnew two\nnew three\n');
    await follow();
    await poll(() => log.raws().slice(2)).toEqual(['new one', 'new two', 'new three']);
  });

  it('refuses to start on positions that it can not read, and says what to do', async () => {
    writeFileSync(at('positions.json'), '{"torn');
    const tail = new FileTail({
      intake: intakeOn(log),
      identify,
      files: [],
      positions: new PositionsFile(at('positions.json')),
    });
    await expect(tail.start()).rejects.toMatchObject({ code: 'WL_FILE_UNREADABLE', remedy: /Remove the file/ });
  });
});
