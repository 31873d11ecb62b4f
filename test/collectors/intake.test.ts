import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isKeyed } from '../../src/event/id.ts';
import type { Origin } from '../../src/collectors/collector.ts';
import type { Assembler } from '../../src/collectors/record-stream.ts';
import { fullLog, intakeOn, MemoryLog } from './doubles.ts';

const ORIGIN: Origin = {
  collector: 'syslog-tcp',
  source: 'portal',
  authenticated: false,
  peer: '192.0.2.1',
  format: '',
  timeZone: 'Asia/Shanghai',
  encoding: 'utf-8',
};

/** Joins lines that begin with a space to the line before. */
class Continuations implements Assembler {
  #held = '';
  push(line: string): string[] {
    if (line.startsWith(' ')) {
      this.#held += `\n${line}`;
      return [];
    }
    const done = this.flush();
    this.#held = line;
    return done;
  }
  held(): number {
    return this.#held.length;
  }
  flush(): string[] {
    const done = this.#held === '' ? [] : [this.#held];
    this.#held = '';
    return done;
  }
}

describe('the intake', () => {
  it('resolves durable only when the append has', async () => {
    const log = new MemoryLog();
    const intake = intakeOn(log);
    let open = (): void => {};
    log.gate = new Promise((resolve) => (open = resolve));
    intake.open(ORIGIN).accept('one', '');
    let isDurable = false;
    const durable = intake.durable().then(() => (isDurable = true));
    await new Promise((resume) => setTimeout(resume, 30));
    expect(isDurable).toBe(false);
    open();
    await durable;
    expect(log.raws()).toEqual(['one']);
  });

  it('lets identifiers of persons be taken out before anything is appended', async () => {
    const log = new MemoryLog();
    const intake = intakeOn(log, { protect: (event) => (event.raw = event.raw.replaceAll('secret', '…')) });
    intake.open(ORIGIN).accept('a secret', '');
    await intake.durable();
    expect(log.raws()).toEqual(['a …']);
  });

  it('lets all who came during an append share the next', async () => {
    const log = new MemoryLog();
    const intake = intakeOn(log);
    const stream = intake.open(ORIGIN);
    stream.accept('first', '');
    const waits = [intake.durable()];
    await new Promise((resume) => setImmediate(resume));
    for (let i = 0; i < 50; i++) {
      stream.accept(`next ${i}`, '');
      waits.push(intake.durable());
    }
    await Promise.all(waits);
    expect(log.appends.map((records) => records[0]!.live.events.length)).toEqual([1, 50]);
  });

  it('appends by itself soon after a record that nobody waits for', async () => {
    const log = new MemoryLog();
    intakeOn(log).open(ORIGIN).accept('alone', '');
    await expect.poll(() => log.raws()).toEqual(['alone']);
  });

  it('closes a batch at its bounds and keeps the order within each partition', async () => {
    const log = new MemoryLog(4);
    const intake = intakeOn(log, { limits: { maxBatchEvents: 10, maxAppendBytes: 3_000 } });
    const stream = intake.open(ORIGIN);
    for (let i = 0; i < 500; i++) stream.accept(`account=a${i % 7} ${i}`, '');
    await intake.durable();
    const records = log.appends.flat();
    expect(Math.max(...records.map((record) => record.live.events.length))).toBe(10);
    expect(log.events()).toHaveLength(500);
    for (let account = 0; account < 7; account++) {
      const own = records.flatMap((record) => record.live.events.map((event) => ({ event, in: record.partition })));
      const mine = own.filter(({ event }) => event.account === `a${account}`);
      expect(new Set(mine.map((one) => one.in)).size).toBe(1);
      const numbers = mine.map(({ event }) => event.sequence);
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    }
  });

  it('repeats a failed append with the same ids until it succeeds, and refuses meanwhile', async () => {
    const log = new MemoryLog();
    const intake = intakeOn(log, { limits: { maxWaitMs: 50 } });
    log.failure = fullLog();
    intake.open(ORIGIN).accept('kept', '');
    await expect(intake.durable()).rejects.toMatchObject({ code: 'WL_LOG_FULL' });
    expect(intake.pressure()).toBe('refuse');
    expect(intake.refusal()).toMatchObject({ code: 'WL_LOG_FULL', status: 503 });
    expect(intake.problem()).toBe('the volume is full');
    log.failure = undefined;
    await new Promise<void>((resume) => intake.onRelief(resume));
    expect(log.raws()).toEqual(['kept']);
    expect(log.attempts).toBeGreaterThan(1);
    expect(intake.pressure()).toBe('none');
  });

  it('says that the log does not answer when an append hangs', async () => {
    const log = new MemoryLog();
    const intake = intakeOn(log, { limits: { maxWaitMs: 30 } });
    log.gate = new Promise(() => {});
    intake.open(ORIGIN).accept('one', '');
    await expect(intake.durable()).rejects.toMatchObject({ code: 'WL_LOG_AWAY' });
    expect(intake.problem()).toBe('the event log has not answered');
  });

  it('slows at half of the pending bound, refuses at the bound, and tells of relief', async () => {
    const log = new MemoryLog();
    let open = (): void => {};
    log.gate = new Promise((resolve) => (open = resolve));
    const intake = intakeOn(log, { limits: { maxPendingBytes: 10_000 } });
    const stream = intake.open(ORIGIN);
    const text = 'x'.repeat(420); // estimated at 1,000 bytes with its message
    for (let i = 0; i < 4; i++) stream.accept(text, '');
    expect(intake.pressure()).toBe('none');
    stream.accept(text, '');
    expect(intake.pressure()).toBe('slow');
    for (let i = 0; i < 5; i++) stream.accept(text, '');
    expect(intake.pressure()).toBe('refuse');
    expect(intake.refusal()).toMatchObject({ code: 'WL_TOO_MANY', status: 429 });
    const relief = new Promise<void>((resume) => intake.onRelief(resume));
    open();
    await relief;
    expect(intake.pressure()).toBe('none');
    expect(log.events()).toHaveLength(10);
  });

  it('slows senders that can wait when a few appends are in flight, long before it refuses any', async () => {
    const log = new MemoryLog();
    log.gate = new Promise(() => {});
    const intake = intakeOn(log);
    const stream = intake.open(ORIGIN);
    const text = 'x'.repeat(50_000); // estimated at 100,160 bytes with its message
    for (let i = 0; i < 41; i++) stream.accept(text, '');
    expect(intake.pressure()).toBe('none');
    stream.accept(text, '');
    expect(intake.pressure()).toBe('slow');
  });

  it('gives the same key the same id, and other records ids of their own', async () => {
    const log = new MemoryLog();
    const intake = intakeOn(log);
    const stream = intake.open(ORIGIN);
    for (const key of ['k1', 'k1', 'k2', '', '']) stream.accept('same text', key);
    await intake.durable();
    const ids = log.events().map((event) => event.id);
    expect(ids[0]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(4);
    expect(ids.map(isKeyed)).toEqual([true, true, true, false, false]);
  });

  it('makes repeats one where the source asks for it and its records are numbered', async () => {
    const log = new MemoryLog();
    const intake = intakeOn(log);
    const stream = intake.open({ ...ORIGIN, contentKey: true });
    const numbered = '<13>1 - - - - - [meta sequenceId="7"] hello';
    for (const text of [numbered, numbered, 'bare', 'bare']) stream.accept(text, '');
    await intake.durable();
    expect(new Set(log.events().map((event) => event.id)).size).toBe(3);
  });

  it('never lets ingest time go back', async () => {
    const log = new MemoryLog();
    const times = [1_000, 5_000, 2_000, 6_000];
    const intake = intakeOn(log, { clock: () => times.shift() ?? 6_000 });
    const stream = intake.open(ORIGIN);
    for (const text of ['a', 'b', 'c', 'd']) stream.accept(text, '');
    await intake.durable();
    expect(log.events().map((event) => event.ingestTime)).toEqual([1_000, 5_000, 5_000, 6_000]);
    expect(log.events().map((event) => event.sequence)).toEqual([0, 1, 2, 3]);
  });

  it('keeps what can not be read, with the reason, and counts it', async () => {
    const log = new MemoryLog();
    const intake = intakeOn(log);
    const stream = intake.open(ORIGIN);
    expect(stream.accept('!noise', '')).toBe('not readable');
    expect(stream.accept('fine', '')).toBe('');
    intake.refused('portal', 'too large', 3);
    await intake.durable();
    expect(log.events()[0]).toMatchObject({ raw: '!noise', fault: 'not readable', source: 'portal' });
    const [portal] = intake.tally().sources;
    expect(portal).toMatchObject({
      received: 2,
      unparsed: { 'not readable': 1 },
      refused: { 'too large': 3 },
      lagMs: 0,
    });
    expect(intake.tally().sources).toEqual([]);
  });

  it('tells the least sure way in which the sender of a source was known, so that a forged line is not overlooked', () => {
    const intake = intakeOn(new MemoryLog());
    const identities = (['token', 'network', 'token'] as const).map((identity) => {
      intake.open({ ...ORIGIN, identity }).accept('fine', '');
      return intake.tally().sources[0]!.identity;
    });
    expect(identities).toEqual(['token', 'network', 'network']);
  });

  it('keeps the text of a record on which the reader failed', async () => {
    const log = new MemoryLog();
    const parse = (): string => {
      throw new Error('no such month');
    };
    const intake = intakeOn(log, { parse });
    expect(intake.open(ORIGIN).accept('poison', '')).toBe('reader failed: no such month');
    await intake.durable();
    expect(log.events()[0]).toMatchObject({ raw: 'poison', format: 'unparsed', fault: 'reader failed: no such month' });
  });

  it('truncates records over the limit at a whole character, with length and hash of all', async () => {
    const log = new MemoryLog();
    const intake = intakeOn(log, { limits: { maxRecordBytes: 100 } });
    const text = '望楼'.repeat(30);
    intake.open(ORIGIN).accept(text, '');
    await intake.durable();
    const [event] = log.events();
    expect(event!.raw).toBe('望楼'.repeat(30).slice(0, 33));
    expect(event!.fault).toBe(`truncated: 180 bytes, sha256 ${createHash('sha256').update(text).digest('hex')}`);
  });

  it('bounds the number of sources that it counts by name', async () => {
    const intake = intakeOn(new MemoryLog());
    for (let i = 0; i < 10_050; i++) intake.refused(`udp/${i}`, 'forged', 1);
    const { sources } = intake.tally();
    expect(sources).toHaveLength(10_001);
    expect(sources.at(-1)).toMatchObject({ source: 'other', refused: { forged: 50 } });
  });

  it('splits a batch that encodes to more than the log takes, and cuts an event that does alone', async () => {
    const log = new MemoryLog();
    const intake = intakeOn(log, { limits: { maxLogRecordBytes: 20_000, maxRecordBytes: 1_000_000 } });
    const stream = intake.open(ORIGIN);
    for (let i = 0; i < 40; i++) stream.accept(`${i} ${'x'.repeat(1_500)}`, '');
    stream.accept('y'.repeat(50_000), '');
    await intake.durable();
    const sizes = log.appends.flat().map((record) => record.value.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(20_000);
    expect(log.events().map((event) => event.raw.split(' ')[0]!.slice(0, 2))).toEqual([
      ...Array.from({ length: 40 }, (_, i) => String(i)),
      'yy',
    ]);
    expect(log.events().at(-1)!.fault).toContain('texts were cut');
  });

  it('counts an event that no encoding takes instead of failing for ever', async () => {
    const log = new MemoryLog();
    const intake = intakeOn(log, {
      encode: (events) => {
        if (events.some((event) => event.raw.startsWith('bad'))) throw new Error('no');
        return { bytes: Buffer.from('ok'), baseEnd: 0 };
      },
    });
    const stream = intake.open(ORIGIN);
    for (const text of ['a', 'bad', 'c']) stream.accept(text, '');
    await intake.durable();
    expect(log.raws()).toEqual(['a', 'c']);
    expect(intake.tally().sources[0]!.refused).toEqual({ 'cannot be encoded': 1 });
  });
});

describe('streams of records that span lines', () => {
  it('joins lines, says what is held, and flushes at the end', async () => {
    const log = new MemoryLog();
    const intake = intakeOn(log, { assemblerFor: () => new Continuations() });
    const stream = intake.open(ORIGIN);
    for (const line of ['a', ' a2', 'b']) stream.accept(line, '');
    expect(stream.held()).toBe(1);
    stream.end();
    expect(stream.held()).toBe(0);
    await intake.durable();
    expect(log.raws()).toEqual(['a\n a2', 'b']);
  });

  it('gives joined records the same ids when their lines come again', async () => {
    const log = new MemoryLog();
    const intake = intakeOn(log, { assemblerFor: () => new Continuations() });
    for (let pass = 0; pass < 2; pass++) {
      const stream = intake.open(ORIGIN);
      ['a', ' a2', 'b', 'c', ' c2'].forEach((line, i) => stream.accept(line, `file ${i}`));
      stream.end();
    }
    await intake.durable();
    const ids = log.events().map((event) => event.id);
    expect(ids.slice(0, 3)).toEqual(ids.slice(3));
    expect(new Set(ids).size).toBe(3);
  });

  it('takes a held record as complete when nothing more comes', async () => {
    const log = new MemoryLog();
    let now = 1_000_000;
    const intake = intakeOn(log, { assemblerFor: () => new Continuations(), clock: () => now });
    intake.open(ORIGIN).accept('last line', '');
    intake.progress();
    now += 600;
    intake.progress();
    await intake.durable();
    expect(log.raws()).toEqual(['last line']);
  });
});

describe('heartbeats', () => {
  const heartbeats = (log: MemoryLog): number[] =>
    log.appends
      .flat()
      .flatMap((record) => record.live.events.map((event) => ({ event, partition: record.partition })))
      .filter(({ event }) => event.action === 'heartbeat' && event.service === 'wanglou')
      .map(({ partition }) => partition);

  it('go to partitions without records while others have some, and once more to all after the last', async () => {
    const log = new MemoryLog(3);
    const intake = intakeOn(log, { clock: () => 5_000 });
    intake.open(ORIGIN).accept('account=anna', '');
    await intake.durable();
    const busy = log.appends[0]![0]!.partition;
    const others = [0, 1, 2].filter((partition) => partition !== busy);
    intake.progress();
    await intake.durable();
    expect(heartbeats(log)).toEqual(others);
    intake.progress();
    await intake.durable();
    expect(heartbeats(log)).toEqual([...others, 0, 1, 2]);
    intake.progress();
    await intake.durable();
    expect(heartbeats(log)).toHaveLength(5);
  });

  it('come every ten seconds when nothing else does', async () => {
    const log = new MemoryLog(1);
    let now = 100_000;
    const intake = intakeOn(log, { clock: () => now });
    intake.progress();
    for (let i = 0; i < 200; i++) {
      now += 100;
      intake.progress();
    }
    await intake.durable();
    expect(heartbeats(log)).toHaveLength(3);
  });
});
