import { auditedRead, csvRecord } from '../../../demo/lines/postgres.ts';
import { emptyEvent, type Event } from '../../../src/event/event.ts';
import { parseRecord } from '../../../src/event/parse.ts';
import { verify, type BenchContext, type Measured, type Scenario } from '../bench.ts';
import { eventsOf, linesOf, NOW, rateOf, shortly } from '../material.ts';

interface Kind {
  id: string;
  title: string;
  limit: string;
  lines: () => string[];
  /** What every event of the kind must state. */
  isRight: (event: Event) => boolean;
}

const syslogLines = (mark: string): string[] => linesOf('syslog', 20_000).filter((line) => line.includes(mark));

const KINDS: Kind[] = [
  {
    id: 'parse-rfc5424',
    title: 'Parse RFC 5424 with a JSON payload',
    limit: 'limit-byte-scan',
    lines: () => syslogLines(' app '),
    isRight: (event) => event.format.startsWith('rfc5424') && event.asset !== '' && event.rows > 0,
  },
  {
    id: 'parse-nginx',
    title: 'Parse nginx access logs without an envelope',
    limit: 'limit-byte-scan',
    lines: () => syslogLines(' nginx ').map((line) => line.slice(line.indexOf('- - - ') + 6)),
    isRight: (event) => event.account !== '' && event.clientAddress.startsWith('10.') && event.bytes > 0,
  },
  {
    id: 'parse-sshd',
    title: 'Parse sshd over RFC 5424',
    limit: 'limit-byte-scan',
    lines: () => syslogLines(' sshd '),
    isRight: (event) => event.action === 'sign-in' && event.account !== '' && event.outcome !== '',
  },
  {
    id: 'parse-pgaudit',
    title: 'Parse pgaudit in PostgreSQL csvlog',
    limit: 'limit-byte-scan',
    lines: () => Array.from({ length: 5_000 }, (_, n) => auditLine(n)),
    isRight: (event) => event.asset.endsWith('public.household') && event.rows > 0 && event.account !== '',
  },
  {
    id: 'parse-json',
    title: 'Parse our own JSON',
    limit: 'limit-json-parse',
    lines: () => linesOf('json', 5_000),
    isRight: (event) => event.time === NOW && event.account !== '' && event.action !== '',
  },
];

export const scenarios: Scenario[] = KINDS.map(({ id, title, limit, lines, isRight }) => ({
  id,
  title,
  limit,
  unit: 'events/s',
  repeat: 3,
  run: (context) => parse(lines(), isRight, context),
}));

async function parse(texts: string[], isRight: Kind['isRight'], context: BenchContext): Promise<Measured> {
  for (const event of eventsOf(texts)) verify(isRight(event), `${event.format}: ${event.raw}`);
  const reading = { timeZone: 'Asia/Shanghai', now: NOW, format: '' };
  let faults = 0;
  const { rate, done, cpuMicros } = await rateOf(shortly(context), () => {
    for (const text of texts) if (parseRecord(text, emptyEvent(), reading) !== '') faults++;
    return texts.length;
  });
  verify(faults === 0, `${faults} lines could not be read`);
  const details = { events: done, 'CPU µs/event': cpuMicros };
  return { value: rate, checked: `fields of ${texts.length} lines`, details };
}

function auditLine(n: number): string {
  const host = { host: 'db1', database: 'civil', application: 'app' };
  const of = { ...host, atMs: NOW, account: `user${n % 900}`, address: `10.100.4.${n % 250}`, pid: 1_000 + n };
  return csvRecord(of, 'LOG', 'SELECT', auditedRead('public.household', 'id, name', ` WHERE id = ${n}`, 1 + (n % 40)));
}
