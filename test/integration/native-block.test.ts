import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Session } from 'chdb';
import { expect, it } from 'vitest';
import { encodeBatch, encodeRows, storeBlock } from '../../src/event/batch.ts';
import { COLUMNS, PLACE } from '../../src/event/columns.ts';
import { emptyEvent, type Event } from '../../src/event/event.ts';
import { IdSequence } from '../../src/event/id.ts';

const ids = new IdSequence();
const event = (part: Partial<Event>): Event => ({ ...emptyEvent(), id: ids.next(), ...part });

it('ClickHouse reads blocks one after the other, whichever columns each of them has', () => {
  const first = [event({ time: 1_790_000_000_123, source: 'a', attributes: ['k', 'v', '望', '楼', 'k', ''] })];
  const second = [
    event({ account: 'x'.repeat(300), rows: 2 ** 53 - 1, fields: ['f', 'g'], privileged: true, severity: 6 }),
    event({ account: '张', system: 'portal', raw: '\0\t"\n' }),
  ];
  const [one, two] = [encodeBatch(first), encodeBatch(second)];
  const stream = Buffer.concat([
    Buffer.from(storeBlock(one.bytes, one.baseEnd, first, { partition: 65_535, offset: 2 ** 40 })),
    Buffer.from(storeBlock(two.bytes, two.baseEnd, second, { partition: 0, offset: 0 })),
    Buffer.from(encodeRows([second[1]!], [{ partition: 0, offset: 0, index: 1 }])),
  ]);
  const rows = read(stream);
  expect(rows.map((row) => row['id'])).toEqual([first[0]!.id, second[0]!.id, second[1]!.id, second[1]!.id]);
  expect(rows[0]).toMatchObject({
    time: '2026-09-21 14:13:20.123',
    source: 'a',
    attributes: { k: '', 望: '楼' },
    account: '',
    partition: 65_535,
    offset: 2 ** 40,
    index: 0,
  });
  expect(rows[1]).toMatchObject({
    account: 'x'.repeat(300),
    rows: 2 ** 53 - 1,
    fields: ['f', 'g'],
    privileged: true,
    severity: 6,
    attributes: {},
  });
  expect(rows[2]).toMatchObject({ account: '张', system: 'portal', raw: '\0\t"\n', index: 1 });
  expect(rows[3]).toEqual(rows[2]);
});

/** Reads a Native stream with the structure given: it would otherwise be taken from the first block. */
function read(stream: Buffer): Record<string, unknown>[] {
  const dir = mkdtempSync(join(tmpdir(), 'wanglou-native-'));
  const session = new Session();
  try {
    const file = join(dir, 'blocks');
    writeFileSync(file, stream);
    const structure = [...COLUMNS, ...PLACE].map(({ name, type }) => `\`${name}\` ${type}`).join(', ');
    const quote = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;
    const query = `SELECT * FROM file(${quote(file)}, 'Native', ${quote(structure)})
      SETTINGS output_format_json_quote_64bit_integers = 0, max_threads = 1`;
    const lines = session.query(query, 'JSONEachRow').trim().split('\n');
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  } finally {
    session.cleanup();
    rmSync(dir, { recursive: true });
  }
}
