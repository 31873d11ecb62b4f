import { datasetAccess } from '../../demo/lines/json.ts';
import { accessLog } from '../../demo/lines/nginx.ts';
import { auditedRead, csvRecord } from '../../demo/lines/postgres.ts';
import { acceptedPassword, failedPassword } from '../../demo/lines/sshd.ts';
import { rfc5424 } from '../../demo/lines/syslog.ts';
import { Random } from '../../demo/random.ts';

/** Seeded lines of one format each, a millisecond apart. */

const FROM = Date.parse('2026-11-20T09:00:00+08:00');

interface Someone {
  atMs: number;
  account: string;
  address: string;
  host: string;
  random: Random;
}

function lines(name: string, count: number, line: (of: Someone) => string): string[] {
  const random = new Random(1, 'bench', name);
  return Array.from({ length: count }, (_, n) => {
    const account = `user${random.int(1, 5_000)}`;
    const address = `10.20.${random.int(0, 255)}.${random.int(1, 254)}`;
    return line({ atMs: FROM + n, account, address, host: `node-${random.int(1, 80)}`, random });
  });
}

export const sshdLines = (count: number): string[] =>
  lines('sshd', count, ({ random, ...of }) =>
    (random.chance(0.95) ? acceptedPassword : failedPassword)({ ...of, port: random.int(32_768, 60_999) }),
  );

export const rfc5424Lines = (count: number): string[] =>
  lines('rfc5424', count, ({ atMs, host, account, random }) =>
    rfc5424(
      134,
      atMs,
      host,
      'app',
      random.int(1, 30_000),
      `user ${account} opened the page of case ${random.int(1, 9_999)}`,
    ),
  );

export const nginxLines = (count: number): string[] =>
  lines('nginx', count, ({ random, ...of }) =>
    accessLog({
      ...of,
      method: 'GET',
      path: `/page/${random.int(1, 400)}`,
      status: 200,
      bytes: random.int(100, 60_000),
      referrer: '-',
      agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    }),
  );

export const pgauditLines = (count: number): string[] =>
  lines('pgaudit', count, ({ random, ...of }) => {
    const session = { ...of, database: 'civil', pid: random.int(900, 30_000), application: 'psql' };
    const read = auditedRead(
      'public.household',
      'id, name',
      ` WHERE district = ${random.int(1, 99)}`,
      random.int(1, 90),
    );
    return csvRecord(session, 'LOG', 'SELECT', read);
  });

export const jsonLines = (count: number): string[] =>
  lines('json', count, ({ atMs, account, address: clientAddress, random }) => {
    const n = random.int(0, 119);
    const rows = random.int(1, 60);
    const asset = `db_${n % 40}.public.table_${n}`;
    return datasetAccess({
      atMs,
      account,
      clientAddress,
      system: `sys-${n % 40}`,
      asset,
      action: 'query',
      rows,
      bytes: rows * 230,
    });
  });
