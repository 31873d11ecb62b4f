import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assemblerFor } from '../../src/event/formats/assemble.ts';
import { formatNames } from '../../src/event/formats/catalogue.ts';
import { emptyEvent } from '../../src/event/event.ts';
import { toOcsf } from '../../src/event/ocsf.ts';
import { NOW, read } from './formats/read.ts';

const SEEDS = [
  '<38>1 2026-11-24T03:00:00.123Z h sshd 8 - [a b="c\\"d"] Failed password for invalid user x from 192.0.2.1 port 5 ssh2',
  'Nov 24 09:00:00 h sudo: w : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/ls',
  '192.0.2.4 - w [24/Nov/2026:09:08:07 +0800] "GET /a?b=c HTTP/1.1" 200 5 "-" "ua" x=1',
  '2026-11-23 21:42:47.525 UTC,"a","c",7,"[local]",6b.1c,9,"SELECT",2026-11-23 21:42:47 UTC,3/1,0,LOG,00000,"AUDIT: SESSION,1,1,READ,SELECT,,,""SELECT 1"",<none>",,,,,,,,,"psql"',
  '2026-11-23 21:42:47.525 UTC [7] a@c psql [local] ERROR:  permission denied for table t',
  'type=SYSCALL msg=audit(1790000000.125:77): success=yes auid=1000\ntype=EXECVE msg=audit(1790000000.125:77): argc=1 a0=6C73',
  '{"kind":"dataset-access","time":"2026-11-24T09:30:00Z","account":"a","rows":1,"fields":["x"],"more":{"a":[1,{"b":2}]}}',
  '{"@timestamp":"2026-11-24T01:00:00Z","winlog":{"event_id":4625,"event_data":{"TargetUserName":"b"}}}',
  '{"timeUnixNano":"1790000000125000000","body":{"kvlistValue":{"values":[{"key":"a","value":{"intValue":"1"}}]}}}',
  '{"class_uid":3002,"activity_id":1,"time":1790000000125,"user":{"name":"b"},"src_endpoint":{"ip":"192.0.2.3"}}',
  '[Tue Nov 24 09:08:07 2026] [error] [client 192.0.2.4] x',
  "2026-11-23T08:06:45.4Z 25 [Note] Access denied for user 's'@'192.0.2.1' (using password: NO)",
];

/** What holds for every text: it never throws, keeps the text, and leaves every field of its type. */
function check(text: string, format = ''): void {
  const event = read(text, { format });
  expect(event.raw).toBe(text);
  expect(event.format).not.toBe('');
  expect(Number.isFinite(event.time)).toBe(true);
  expect(Object.keys(event)).toEqual(Object.keys(emptyEvent()));
  for (const [name, value] of Object.entries(emptyEvent())) {
    const now = event[name as keyof typeof event];
    expect(typeof now, name).toBe(typeof value);
    if (typeof now === 'number') expect(Number.isFinite(now), name).toBe(true);
  }
  expect(event.attributes.length % 2).toBe(0);
  expect(event.attributes.every((value) => typeof value === 'string')).toBe(true);
  expect(event.rows >= 0 && event.bytes >= 0).toBe(true);
  expect(event.fault).not.toContain('the reader failed');
  JSON.stringify(toOcsf(event));
}

/** A seed with some of its characters cut, repeated or replaced. */
const mutated = fc
  .tuple(
    fc.constantFrom(...SEEDS),
    fc.array(fc.tuple(fc.nat(400), fc.nat(12), fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 6 }),
  )
  .map(([seed, edits]) =>
    edits.reduce(
      (text, [at, length, put]) =>
        text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + length),
      seed,
    ),
  );

describe('parseRecord', () => {
  it('is total over any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => check(text)),
      { numRuns: 300 },
    );
  });

  it('is total over mutations of real shapes, whatever format the source fixes', () => {
    const formats = fc.constantFrom('', ...formatNames());
    fc.assert(
      fc.property(mutated, formats, (text, format) => check(text, format)),
      { numRuns: 800 },
    );
  });

  it('is total over any JSON', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 12 }), (text) => check(text)),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => check(JSON.stringify(value))),
      { numRuns: 300 },
    );
  });

  it.each([
    ['Nov 24 09:00:00 h sshd[1]: reverse mapping checking ', '['],
    ['Nov 24 09:00:00 h sshd[1]: drop connection #1', ' from ['],
    ['Nov 24 09:00:00 h sshd[1]: Failed password for ', ' from 192.0.2.1 port '],
    ['Nov 24 09:00:00 h su: pam_unix(su:session): session opened for user ', ' by '],
    ["2026-11-24 09:00:00.12 Logon       Login failed for user 'a'. Reason: ", ' [CLIENT: '],
    ['2026-11-24 09:00:00 UTC [1] a@b LOG:  statement: ', ' FROM ('],
    ['2026-11-24 09:00:00 UTC [1] a@b ERROR:  x', '\nDETAIL:  '],
    ['2026/11/24 09:00:00 [error] 1#1: ', ', client: "'],
    ['192.0.2.1 - - [24/Nov/2026:09:00:00 +0800] "GET / HTTP/1.1" 200 5 ', '"\\'],
    ['type=EXECVE msg=audit(1790000000.125:77): ', "a0='"],
    ['{"a":', '['],
    ['', '\u0000'],
  ])('takes half a megabyte of what is worst for %j', (start, filler) => {
    check(start + filler.repeat(500_000 / filler.length));
  });

  it.each([
    '',
    ' ',
    '\n',
    '\0',
    '\u001b[31mred\u001b[0m',
    '<',
    '<13>',
    '<999>x',
    '{',
    '[',
    '"',
    '{}',
    '[]',
    'null',
    '\ud800',
    '\ufeff{}',
  ])('takes %j', (text) => check(text));

  it('keeps what it does not know raw, with the reason and the ingest time', () => {
    expect(read('hello this is nothing')).toMatchObject({
      ...{ format: 'unparsed', fault: 'no known format fits this text', message: 'hello this is nothing', time: NOW },
    });
    expect(read('  ').fault).toBe('the record is empty');
  });

  it('names the chain of formats', () => {
    expect(SEEDS.map((seed) => read(seed).format)).toEqual([
      ...[
        'rfc5424+sshd',
        'rfc3164+sudo',
        'web-access',
        'postgresql-csv',
        'postgresql',
        'auditd',
        'wanglou',
        'ecs',
        'otel',
      ],
      ...['ocsf', 'apache-error', 'mysql-error'],
    ]);
  });

  it('reads a record of another format than the source’s as what it is', () => {
    expect(read(SEEDS[2]!, { format: 'auditd' }).format).toBe('web-access');
    expect(read(SEEDS[0]!, { format: 'nginx' }).format).toBe('rfc5424+sshd');
    expect(read(SEEDS[0]!, { format: 'no-such-format' }).format).toBe('rfc5424+sshd');
  });

  it('gives no line of any stream twice and loses none', () => {
    const lines = fc.array(
      fc.oneof(mutated, fc.string({ maxLength: 40 })).map((text) => text.replaceAll('\n', ' ')),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(lines, fc.constantFrom('', 'auditd', 'postgresql', 'postgresql-csv'), (input, format) => {
        const assembler = assemblerFor(format)!;
        const records = [...input.flatMap((line) => assembler.push(line)), ...assembler.flush()];
        expect(records.join('\n')).toBe(input.join('\n'));
      }),
    );
  });
});
