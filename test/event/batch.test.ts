import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatchInvalid, decodeBatch, encodeBatch, encodeRows, storeBlock } from '../../src/event/batch.ts';
import { COLUMNS, ENRICHED } from '../../src/event/columns.ts';
import { emptyEvent, type Event } from '../../src/event/event.ts';
import { IdSequence } from '../../src/event/id.ts';
import { NativeReader } from '../../src/event/native-reader.ts';
import { readStoredBlocks } from '../../src/event/stored-blocks.ts';
import { readColumn } from '../../src/event/column-reader.ts';

const ids = new IdSequence();

/** An event with a value of its own in every field. */
function fullEvent(n: number): Event {
  const event: Event = { ...emptyEvent(), id: ids.next() };
  COLUMNS.forEach((column, position) => {
    if (column.kind === 'uuid') return;
    if (column.kind === 'string') column.set(event, `${column.field} ${n}`);
    else if (column.kind === 'flag') column.set(event, (n + position) % 2 === 0);
    else if (column.kind === 'strings') column.set(event, [`${column.field} a`, `b ${n}`]);
    else if (column.kind === 'pairs') column.set(event, ['名', `值 ${n}`, 'second', '']);
    else column.set(event, column.kind === 'small' ? (position + n) % 256 : 1_000_000 * position + n);
  });
  return event;
}

const anyString = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom(
    '',
    '\0',
    'ÿ',
    '\u00e9a',
    '望楼',
    'x'.repeat(127),
    'x'.repeat(128),
    '楼'.repeat(50),
    'é'.repeat(9000),
  ),
);

const anyEvent: fc.Arbitrary<Event> = fc
  .record({
    source: anyString,
    account: anyString,
    system: anyString,
    raw: anyString,
    fields: fc.array(anyString, { maxLength: 20 }),
    attributes: fc.array(fc.tuple(anyString, anyString), { maxLength: 8 }).map((pairs) => pairs.flat()),
    rows: fc.maxSafeNat(),
    time: fc.nat({ max: 10_413_791_999_999 }),
    privileged: fc.boolean(),
  })
  .map((part) => ({ ...emptyEvent(), ...part, id: ids.next() }));

describe('a batch of events', () => {
  it('comes back as it was, field by field', () => {
    const events = [fullEvent(1), emptyEvent(), fullEvent(2), fullEvent(2)];
    expect(decodeBatch(encodeBatch(events).bytes).events).toEqual(events);
  });

  it('has a column for every field of an event', () => {
    expect(COLUMNS.map((column) => column.field).sort()).toEqual(Object.keys(emptyEvent()).sort());
    const event = fullEvent(3);
    for (const column of COLUMNS) expect(column.get(event), column.field).toEqual(event[column.field]);
  });

  it('keeps any text: NUL, all of Unicode, long, empty', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { minLength: 0, maxLength: 12 }), (events) => {
        const { bytes, baseEnd } = encodeBatch(events);
        const decoded = decodeBatch(bytes);
        expect(decoded.events).toEqual(events);
        expect(decoded.baseEnd).toBe(baseEnd);
      }),
      { numRuns: 200 },
    );
  });

  it('writes a lone surrogate as the replacement character', () => {
    for (const text of ['\ud800', `a\udc00b`, `${'x'.repeat(200)}\ud800`, '\udfff\ud800']) {
      const event = { ...emptyEvent(), id: ids.next(), raw: text };
      const back = decodeBatch(encodeBatch([event]).bytes).events[0]!.raw;
      expect(back).toBe(text.toWellFormed());
    }
  });

  it('writes impossible numbers as the nearest possible one, or 0', () => {
    const hostile = [-1, Number.NaN, Infinity, -Infinity, 1.9, 2 ** 53, 1e300];
    const events = hostile.map((n) => ({
      ...emptyEvent(),
      id: ids.next(),
      rows: n,
      time: n,
      severity: n,
      classUid: n,
    }));
    const back = decodeBatch(encodeBatch(events).bytes).events;
    expect(back.map((event) => event.rows)).toEqual([0, 0, 0, 0, 1, 2 ** 53 - 1, 2 ** 53 - 1]);
    expect(back.map((event) => event.time)).toEqual([0, 0, 0, 0, 1, 10_413_791_999_999, 10_413_791_999_999]);
    expect(back.map((event) => event.severity)).toEqual([0, 0, 0, 0, 1, 255, 255]);
    expect(back.map((event) => event.classUid)).toEqual([0, 0, 0, 0, 1, 0xffffffff, 0xffffffff]);
  });

  it('refuses an id that is no UUID', () => {
    for (const id of ['x', '0190f3c4-0000-8000-8000-00000000000g', '0190f3c4-0000-8000-8000-0000000000000'])
      expect(() => encodeBatch([{ ...emptyEvent(), id }])).toThrow(TypeError);
  });

  it('leaves out what no event states', () => {
    const empty = encodeBatch(Array.from({ length: 100 }, () => ({ ...emptyEvent(), id: ids.next() })));
    expect(empty.bytes.length).toBeLessThan(100 * 16 + 20);
    expect(empty.baseEnd).toBe(empty.bytes.length);
  });

  it('does not hand out its working memory', () => {
    const first = encodeBatch([fullEvent(1)]).bytes;
    const copy = Buffer.from(first);
    encodeBatch([fullEvent(2), fullEvent(3)]);
    expect(copy.equals(first)).toBe(true);
  });
});

describe('bytes from others', () => {
  const valid = encodeBatch(Array.from({ length: 20 }, (_, n) => fullEvent(n))).bytes;

  it('are refused with column and place when they end early', () => {
    for (let length = 0; length < valid.length; length++)
      expect(() => decodeBatch(valid.subarray(0, length)), `${length} bytes`).toThrow(BatchInvalid);
    const error = catchError(() => decodeBatch(valid.subarray(0, valid.length - 1)));
    expect(error).toMatchObject({ column: 'asset_level' });
    expect(error.message).toContain('in column asset_level');
  });

  it('are read or refused, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        (flips) => {
          const bytes = Buffer.from(valid);
          for (const [at, value] of flips) bytes[at] = value;
          expect(readOrRefuse(bytes)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), readOrRefuse));
  });

  it('may claim huge counts without being believed', () => {
    const claims = [
      [1, 0xff, 0xff, 0xff, 0xff, 0x7f],
      [0xff, 0xff, 0xff, 0x7f, 1, 1],
      [0, 0xff, 0xff, 3],
      [1, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
    ];
    for (const claim of claims) expect(() => decodeBatch(Uint8Array.from(claim))).toThrow(BatchInvalid);
  });

  it('may not claim rows without columns, of which each would cost an event', () => {
    expect(() => readStoredBlocks(Buffer.from('0002'.repeat(4), 'hex'))).toThrow(BatchInvalid);
  });

  it('may have columns that an event does not have', () => {
    const foreign: [string, Buffer][] = [
      ['UInt32', Buffer.alloc(8)],
      ["DateTime64(9, 'UTC')", Buffer.alloc(16)],
      ['String', Buffer.from([1, 97, 0])],
      ['FixedString(3)', Buffer.alloc(6)],
      ['Nullable(Float64)', Buffer.alloc(18)],
      ['Array(Array(UInt8))', Buffer.from([...u64(1), ...u64(2), ...u64(2), ...u64(3), 7, 8, 9])],
      ['Map(String, Array(UInt16))', Buffer.from([...u64(0), ...u64(1), 1, 97, ...u64(1), 1, 0])],
    ];
    for (const [type, cells] of foreign) {
      const bytes = Buffer.concat([
        Buffer.from([2, 2]),
        name('theirs'),
        name(type),
        cells,
        name('account'),
        name('String'),
        Buffer.from([1, 97, 1, 98]),
      ]);
      expect(
        decodeBatch(bytes).events.map((event) => event.account),
        type,
      ).toEqual(['a', 'b']);
    }
  });

  it('are refused when a column has an unknown or another type', () => {
    const column = (column: string, type: string) =>
      Buffer.concat([Buffer.from([1, 1]), name(column), name(type), Buffer.alloc(64)]);
    expect(() => decodeBatch(column('theirs', 'LowCardinality(String)'))).toThrow(/column theirs: .*LowCardinality/);
    expect(() => decodeBatch(column('theirs', `${'Array('.repeat(20)}UInt8${')'.repeat(20)}`))).toThrow(BatchInvalid);
    expect(() => decodeBatch(column('rows', 'UInt32'))).toThrow('type UInt32 instead of UInt64');
  });
});

describe('a block for the store', () => {
  const place = { partition: 3, offset: 2 ** 40 };

  it('has the events as enrichment left them, and their places', () => {
    const events = [fullEvent(1), fullEvent(2)];
    const { bytes, baseEnd } = encodeBatch(events);
    for (const event of events) for (const column of ENRICHED) if (column.kind === 'string') column.set(event, 'new');
    const block = storeBlock(bytes, baseEnd, events, place);
    expect(withoutPlaces(block)).toEqual(events);
    expect(placesOf(block)).toEqual([
      [3, 2 ** 40, 0],
      [3, 2 ** 40, 1],
    ]);
  });

  it('is the same whether the batch stated enriched columns before or not', () => {
    const bare = [{ ...emptyEvent(), id: ids.next(), account: 'li' }];
    const stated = bare.map((event) => ({ ...event, system: 'portal', asset: 'census' }));
    const fromBare = encodeBatch(bare);
    const fromStated = encodeBatch(stated);
    const block = Buffer.from(storeBlock(fromBare.bytes, fromBare.baseEnd, stated, place));
    expect(block.equals(storeBlock(fromStated.bytes, fromStated.baseEnd, stated, place))).toBe(true);
    expect(block.equals(encodeRows(stated, [{ ...place, index: 0 }]))).toBe(true);
  });

  it('of chosen events keeps their own places', () => {
    const events = [fullEvent(1), fullEvent(4)];
    const block = encodeRows(events, [
      { ...place, index: 0 },
      { ...place, index: 4 },
    ]);
    expect(withoutPlaces(block)).toEqual(events);
    expect(placesOf(block).map((row) => row[2])).toEqual([0, 4]);
  });

  it('is refused when the events are not those of the batch', () => {
    const { bytes, baseEnd } = encodeBatch([fullEvent(1), fullEvent(2)]);
    expect(() => storeBlock(bytes, baseEnd, [fullEvent(1)], place)).toThrow('2 rows, but 1 events');
  });
});

function withoutPlaces(block: Uint8Array): Event[] {
  return decodeBatch(block).events;
}

/** Reads the last three columns as UInt16, UInt64, UInt32. */
function placesOf(block: Uint8Array): number[][] {
  const reader = new NativeReader(block);
  const columns = reader.varint();
  const rows = reader.varint();
  const events = Array.from({ length: rows }, emptyEvent);
  for (let i = 0; i < columns - 3; i++) readColumn(reader, events);
  const read = (cell: () => number) => (reader.string(), reader.string(), events.map(cell));
  const partitions = read(() => reader.uint8() + 256 * reader.uint8());
  const offsets = read(() => reader.uint64());
  const indexes = read(() => reader.uint32());
  return events.map((_, row) => [partitions[row]!, offsets[row]!, indexes[row]!]);
}

function readOrRefuse(bytes: Uint8Array): boolean {
  try {
    return decodeBatch(bytes).events.length <= 65_536;
  } catch (error) {
    return error instanceof BatchInvalid;
  }
}

function catchError(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

function u64(value: number): number[] {
  return [value, 0, 0, 0, 0, 0, 0, 0];
}

function name(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
}
