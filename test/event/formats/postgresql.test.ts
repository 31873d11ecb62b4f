import { describe, expect, it } from 'vitest';
import { attributes, iso, read } from './read.ts';

const csv = (
  user: string,
  client: string,
  severity: string,
  message: string,
  rest = ',,,,,,,,,"psql","client backend",,0',
): string =>
  `2026-11-23 21:42:47.525 UTC,"${user}","civil",7409,"${client}",6b04b357.1cf1,9,"SELECT",2026-11-23 21:42:47 UTC,3/12,0,${severity},00000,"${message}"${rest}`;

describe('PostgreSQL csvlog', () => {
  it('reads pgaudit with its relation, statement and rows', () => {
    const event = read(
      csv(
        'li.na',
        '192.0.2.7:5000',
        'LOG',
        'AUDIT: SESSION,6,1,READ,SELECT,TABLE,public.household,""SELECT a, b FROM household"",<none>,37',
      ),
    );
    expect(event).toMatchObject({ format: 'postgresql-csv', fault: '', classUid: 6005, activityId: 1, action: 'read' });
    expect(event).toMatchObject({
      account: 'li.na',
      clientAddress: '192.0.2.7',
      asset: 'civil.public.household',
      rows: 37,
    });
    expect(iso(event)).toBe('2026-11-23T21:42:47.525Z');
    expect(attributes(event, 'database', 'application', 'pid', 'statement', 'audit.class')).toEqual({
      ...{
        database: 'civil',
        application: 'psql',
        pid: '7409',
        statement: 'SELECT a, b FROM household',
        'audit.class': 'READ',
      },
    });
    expect(event.session).toBe('6b04b357.1cf1');
  });

  it('keeps the line feeds of a statement', () => {
    const event = read(
      csv('a', '[local]', 'LOG', 'AUDIT: OBJECT,1,1,WRITE,UPDATE,TABLE,public.t,""UPDATE t\nSET x=1, y=2"",<none>'),
    );
    expect(event).toMatchObject({ action: 'update', activityId: 2, asset: 'civil.public.t', device: 'local' });
    expect(attributes(event, 'statement')).toEqual({ statement: 'UPDATE t\nSET x=1, y=2' });
  });

  it.each([
    ['READ,SELECT,,,SELECT * FROM ONLY s.t WHERE x', 'read', 'civil.s.t'],
    ['READ,COPY,TABLE,public.t,COPY t TO STDOUT', 'export', 'civil.public.t'],
    ['WRITE,COPY,TABLE,public.t,COPY t FROM STDIN', 'create', 'civil.public.t'],
    ['WRITE,INSERT,,,INSERT INTO t (a) VALUES (1)', 'create', 'civil.public.t'],
    ['WRITE,DELETE,TABLE,public.t,DELETE FROM t', 'delete', 'civil.public.t'],
    ['WRITE,TRUNCATE TABLE,,,TRUNCATE TABLE t', 'delete', 'civil.public.t'],
    ['DDL,DROP TABLE,TABLE,public.t,DROP TABLE t', 'delete', 'civil.public.t'],
    ['DDL,ALTER TABLE,TABLE,public.t,ALTER TABLE t ADD x int', 'update', 'civil.public.t'],
    ['FUNCTION,EXECUTE,FUNCTION,public.f,SELECT f()', 'call', 'civil.public.f'],
    ['MISC,SET,,,SET x = 1', 'command', ''],
    ['READ,SELECT,,,""SELECT set_config(\'a from b\', \'\', false)""', 'read', ''],
  ])('understands %s', (audit, action, asset) => {
    expect(read(csv('a', '[local]', 'LOG', `AUDIT: SESSION,1,1,${audit},<none>`))).toMatchObject({
      action,
      asset,
      outcome: 'success',
    });
  });

  it.each([
    ['GRANT,TABLE,,""GRANT SELECT ON t TO wang""', 'grant', 'wang'],
    ['REVOKE,TABLE,,REVOKE ALL ON t FROM wang', 'revoke', 'wang'],
    ['CREATE ROLE,,,CREATE USER wang password <REDACTED>', 'account-create', 'wang'],
    ['ALTER ROLE,,,""ALTER ROLE """"wang li"""" SUPERUSER""', 'account-change', 'wang li'],
    ['DROP ROLE,,,DROP ROLE IF EXISTS wang;', 'account-delete', 'wang'],
  ])('understands the role change %s', (audit, action, target) => {
    expect(read(csv('a', '[local]', 'LOG', `AUDIT: SESSION,1,1,ROLE,${audit},<none>`))).toMatchObject({
      classUid: 3007,
      action,
      target,
    });
  });

  it('reads connections, refusals and disconnections', () => {
    expect(read(csv('a', '192.0.2.7:1', 'LOG', 'connection authorized: user=a database=civil'))).toMatchObject({
      ...{ action: 'sign-in', outcome: 'success', account: 'a' },
    });
    expect(read(csv('a', '192.0.2.7:1', 'FATAL', 'password authentication failed for user ""a""'))).toMatchObject({
      ...{ action: 'sign-in', outcome: 'failure', account: 'a', clientAddress: '192.0.2.7' },
    });
    expect(
      read(csv('a', '192.0.2.7:1', 'LOG', 'disconnection: session time: 0:00:01 user=a database=civil host=192.0.2.7')),
    ).toMatchObject({
      ...{ action: 'sign-out', account: 'a' },
    });
  });

  it('names the fault of a line with too few columns', () => {
    const text = '2026-11-23 21:42:47.525 UTC,"a","civil",7409,"[local]",6b04b357.1cf1,9,"x"';
    expect(read(text, { format: 'postgresql-csv' }).fault).toContain('8 columns');
  });
});

describe('PostgreSQL jsonlog', () => {
  it('reads pgaudit', () => {
    const event = read(
      JSON.stringify({
        ...{
          timestamp: '2026-11-23 21:42:47.525 UTC',
          user: 'li.na',
          dbname: 'civil',
          pid: 7,
          remote_host: '192.0.2.7',
        },
        ...{
          session_id: 's',
          error_severity: 'LOG',
          message: 'AUDIT: SESSION,1,1,READ,SELECT,TABLE,public.t,SELECT,<none>,5',
        },
      }),
    );
    expect(event).toMatchObject({
      format: 'postgresql-json',
      account: 'li.na',
      asset: 'civil.public.t',
      rows: 5,
      fault: '',
    });
    expect(iso(event)).toBe('2026-11-23T21:42:47.525Z');
  });
});

describe('PostgreSQL stderr log', () => {
  it.each([
    '2026-11-23 21:42:47.5 UTC [7409] bob@civil psql 192.0.2.5 ',
    '2026-11-23 21:42:47 UTC:192.0.2.5(5432):bob@civil:[7409]:',
    '192.0.2.5 2026-11-23 21:42:47.425 UTC [7409] bob@civil ',
    '2026-11-23 21:42:47 UTC [7409]: [3-1] user=bob,db=civil,app=psql,client=192.0.2.5 ',
  ])('finds user, database, client and pid in the prefix %s', (prefix) => {
    const event = read(`${prefix}LOG:  AUDIT: SESSION,1,1,READ,SELECT,TABLE,public.t,SELECT,<none>`);
    expect(event).toMatchObject({
      format: 'postgresql',
      account: 'bob',
      clientAddress: '192.0.2.5',
      asset: 'civil.public.t',
    });
    expect(attributes(event, 'pid', 'database')).toEqual({ pid: '7409', database: 'civil' });
    expect(iso(event)).toMatch(/^2026-11-23T21:42:47/);
  });

  it('takes a zone word that means several zones for the source’s', () => {
    expect(iso(read('2026-11-23 21:42:47 CST [7] LOG:  x'))).toBe('2026-11-23T13:42:47.000Z');
    expect(iso(read('2026-11-23 21:42:47 +03 [7] LOG:  x'))).toBe('2026-11-23T18:42:47.000Z');
  });

  it('reads application names with spaces', () => {
    const event = read('2026-11-23 21:42:47.5 UTC [7] bob@civil DBeaver 23 - Main [local] LOG:  x');
    expect(attributes(event, 'application')).toEqual({ application: 'DBeaver 23 - Main' });
    expect(event.device).toBe('local');
  });

  it('reads refusals and a refused table', () => {
    const prefix = '2026-11-23 21:42:47.5 UTC [7] bob@civil psql 192.0.2.5 ';
    expect(
      read(`${prefix}FATAL:  no pg_hba.conf entry for host "192.0.2.9", user "eve", database "civil", SSL off`),
    ).toMatchObject({
      ...{ action: 'sign-in', outcome: 'failure', account: 'eve', clientAddress: '192.0.2.9' },
    });
    expect(
      read(`${prefix}ERROR:  permission denied for table household\n${prefix}STATEMENT:  SELECT * FROM household`),
    ).toMatchObject({
      ...{ action: 'read', outcome: 'failure', asset: 'civil.public.household', classUid: 6005 },
    });
  });

  it('reads logged statements', () => {
    const event = read(
      '2026-11-23 21:42:47.5 UTC [7] bob@civil psql 192.0.2.5 LOG:  duration: 1.25 ms  statement: delete from a.b',
    );
    expect(event).toMatchObject({ action: 'delete', asset: 'civil.a.b' });
    expect(attributes(event, 'durationMs', 'statement')).toEqual({ durationMs: '1.25', statement: 'delete from a.b' });
  });
});

describe('other databases', () => {
  it.each([
    [
      "2026-11-23  5:13:12 8 [Warning] Access denied for user 'app'@'192.0.2.1' (using password: YES)",
      'mysql-error',
      'app',
    ],
    ["261123 14:49:17 [Warning] Access denied for user 'root'@'192.0.2.1' (using password: NO)", 'mysql-error', 'root'],
    [
      "2026-11-23T08:06:45.411498Z 25 [Note] [MY-010926] [Server] Access denied for user 'seb'@'192.0.2.1' (using password: NO)",
      'mysql-error',
      'seb',
    ],
    [
      "2026-11-23T08:34:16.116872Z        14 Connect   Access denied for user 'u'@'192.0.2.1' (using password: YES)",
      'mysql-error',
      'u',
    ],
    [
      "2026-11-23 12:36:54.17 Logon       Login failed for user 'SA'. Reason: Password did not match. [CLIENT: 192.0.2.1]",
      'mssql-error',
      'SA',
    ],
  ])('reads the refused sign-in %s', (line, format, account) => {
    expect(read(line)).toMatchObject({
      format,
      account,
      clientAddress: '192.0.2.1',
      action: 'sign-in',
      outcome: 'failure',
      fault: '',
    });
  });
});
