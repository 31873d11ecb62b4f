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

  it.each([
    ['192.0.2.7:5000', '192.0.2.7', '5000'],
    ['192.0.2.7(5000)', '192.0.2.7', '5000'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2:3:4:5:6', undefined],
    ['2001:db8::6(5000)', '2001:db8::6', '5000'],
    ['[2001:db8::6]:5000', '2001:db8::6', '5000'],
  ])('tells the address from the port in %s', (client, address, port) => {
    const event = read(csv('a', client, 'LOG', 'x'));
    expect(event.clientAddress).toBe(address);
    expect(attributes(event, 'port')).toEqual({ port });
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

describe('PostgreSQL stderr log with other prefixes', () => {
  it.each([
    '2026-11-23 21:42:47 UTC 192.0.2.5(5432) bob civil 6b04b356.1ce1 [7409] ',
    '[2026-11-23 21:42:47 UTC] [7409] bob@civil/psql 192.0.2.5 ',
    '<2026-11-23 21:42:47 UTC [7409] bob@civil 192.0.2.5>',
    '2026-11-23 21:42:47 UTC [7409-3] bob@civil 192.0.2.5 ',
    '2026-11-24 05:42:47 CST [7409] client backend bob@civil 192.0.2.5 ',
    '1795470167.000 [7409] bob@civil 192.0.2.5 ',
    '2026-11-23 21:42:47 UTC [7409] user=bob,db=civil,app=pgAdmin 4 - CONN:12,client=192.0.2.5 ',
    '2026-11-24 05:42:47 Asia/Shanghai [7409] user=bob db=civil host=192.0.2.5 ',
  ])('finds user, database, client, pid and time in %s', (prefix) => {
    const event = read(`${prefix}LOG:  statement: SELECT * FROM t`);
    expect(event).toMatchObject({ format: 'postgresql', account: 'bob', clientAddress: '192.0.2.5', fault: '' });
    expect(attributes(event, 'pid', 'database')).toEqual({ pid: '7409', database: 'civil' });
    expect(iso(event)).toBe('2026-11-23T21:42:47.000Z');
  });

  it('is recognized without a time by the two spaces that only PostgreSQL writes', () => {
    expect(read('bob@civil LOG:  statement: SELECT 1')).toMatchObject({ format: 'postgresql', account: 'bob' });
    expect(read('2026-11-23 21:42:47 [12] WARNING: disk of another program').format).not.toBe('postgresql');
  });

  it('does not take the kind of a backend for a user', () => {
    expect(read('2026-11-23 21:42:47 UTC [7] autovacuum launcher LOG:  x').account).toBe('');
  });

  it('takes the parts of syslog off', () => {
    const event = read('Nov 23 21:42:47 db postgres[7409]: [3-1] bob@civil LOG:  statement: SELECT 1');
    expect(event.attributes.filter((name) => name === 'pid')).toHaveLength(1);
    expect(attributes(event, 'pid')).toEqual({ pid: '7409' });
  });

  it('keeps the lines of a statement, and words in it that look like PostgreSQL’s own', () => {
    const prefix = '2026-11-23 21:42:47 UTC [7] bob@civil ';
    const event = read(
      `${prefix}ERROR:  42P01: no such thing\n${prefix}LOCATION:  parse.c:1\n${prefix}STATEMENT:  SELECT a\n\tFROM t\n\t-- DETAIL:  none`,
    );
    expect(attributes(event, 'statement')).toEqual({ statement: 'SELECT a\nFROM t\n-- DETAIL:  none' });
    expect(event.asset).toBe('civil.public.t');
  });

  it.each([
    ['日志:  语句: DELETE FROM t', 'delete', 'success'],
    ['日志:  耗时: 0.12 ms  语句: UPDATE t SET a = 1', 'update', 'success'],
    ['错误:  对表 t 权限不够\n2026-11-23 21:42:47 UTC [7] bob@civil 语句:  SELECT * FROM t', 'read', 'failure'],
  ])('reads a server that speaks Chinese: %s', (text, action, outcome) => {
    expect(read(`2026-11-23 21:42:47 UTC [7] bob@civil ${text}`)).toMatchObject({
      ...{ format: 'postgresql', account: 'bob', action, outcome, asset: 'civil.public.t' },
    });
  });

  it.each(['用户 "bob" 的密码认证失败', '用户 "bob" Password 认证失败', '角色 "bob" 不存在'])(
    'counts the refused sign-in %s',
    (message) => {
      expect(read(`2026-11-23 21:42:47 UTC [7] [unknown]@civil 致命错误:  ${message}`)).toMatchObject({
        ...{ account: 'bob', action: 'sign-in', outcome: 'failure', severity: 4, message },
      });
      expect(read(csv('', '192.0.2.7:1', '致命错误', message.replaceAll('"', '""')))).toMatchObject({
        ...{ account: 'bob', action: 'sign-in', outcome: 'failure' },
      });
    },
  );

  it.each([
    ['connection received: host=192.0.2.5 port=5', 'connect', ''],
    ['connection authenticated: identity="bob" method=md5 (/etc/pg_hba.conf:1)', '', 'success'],
    ['connection authorized: user=bob database=civil application_name=my app SSL enabled (x)', 'sign-in', 'success'],
  ])('reads %s', (message, action, outcome) => {
    expect(read(`2026-11-23 21:42:47 UTC [7] bob@civil 192.0.2.5 LOG:  ${message}`)).toMatchObject({
      ...{ action, outcome, account: 'bob', clientAddress: '192.0.2.5' },
    });
  });

  it('counts a prepared statement when it is executed, whatever its name', () => {
    const prefix = '2026-11-23 21:42:47 UTC [7] bob@civil LOG:  duration: 0.455 ms ';
    const steps = ['parse', 'bind', 'execute'].map((step) => read(`${prefix} ${step} py:0x7fde: SELECT * FROM t`));
    expect(steps.map(({ action }) => action)).toEqual(['', '', 'read']);
    expect(steps.map((event) => attributes(event, 'statement')['statement'])).toEqual(Array(3).fill('SELECT * FROM t'));
  });

  it('takes a refusal for want of room for a failed connection, not for a failed sign-in', () => {
    expect(read('2026-11-23 21:42:47 UTC [7] bob@civil FATAL:  sorry, too many clients already')).toMatchObject({
      ...{ action: 'connect', outcome: 'failure' },
    });
  });
});

describe('the relation of a statement', () => {
  it.each([
    ['/* FROM x */ SELECT extract(year FROM d) FROM s.t', 'civil.s.t', 'read'],
    ['-- FROM x\nSELECT a IS DISTINCT FROM b FROM "t"', 'civil.public.t', 'read'],
    ["SELECT E'\\' FROM x' FROM t", 'civil.public.t', 'read'],
    ['SELECT $a$ FROM x $a$ FROM t', 'civil.public.t', 'read'],
    ['SELECT 1 FROM t FOR UPDATE OF t', 'civil.public.t', 'read'],
    ['CREATE TABLE IF NOT EXISTS t (a int)', 'civil.public.t', 'create'],
    ['CREATE TRIGGER g AFTER UPDATE ON t', '', 'create'],
    ['(SELECT a FROM f(1)) UNION TABLE t', 'civil.public.t', 'read'],
  ])('of %s is %s', (statement, asset, action) => {
    expect(read(`2026-11-23 21:42:47 UTC [7] bob@civil LOG:  statement: ${statement}`)).toMatchObject({
      asset,
      action,
    });
  });

  it.each([
    ['GRANT SELECT ON TABLE s.t\n TO wang WITH GRANT OPTION', 'grant', 'wang', 'civil.s.t', ''],
    ['GRANT auditors TO wang', 'grant', 'wang', '', 'auditors'],
    ['REVOKE ALL ON t FROM "wang li"', 'revoke', 'wang li', 'civil.public.t', ''],
    ["CREATE USER wang PASSWORD 'x TO y'", 'account-create', 'wang', '', ''],
  ])('and the role of %s', (statement, action, target, asset, role) => {
    const event = read(`2026-11-23 21:42:47 UTC [7] bob@civil LOG:  statement: ${statement}`);
    expect(event).toMatchObject({ action, target, asset, role, classUid: 3007 });
  });
});

describe('pgaudit', () => {
  it('keeps parameters and ids, and takes what was not logged for nothing', () => {
    const event = read(
      csv(
        'a',
        '[local]',
        'LOG',
        'AUDIT: OBJECT,3,2,WRITE,INSERT,TABLE,""public.""""My t"""""",<previously logged>,""1,x""',
      ),
    );
    expect(event.asset).toBe('civil.public.My t');
    expect(attributes(event, 'statement', 'parameters', 'audit.statementId', 'audit.substatementId')).toEqual({
      ...{ parameters: '1,x', 'audit.statementId': '3', 'audit.substatementId': '2' },
    });
  });

  it('does not take DROP OWNED for a deleted account', () => {
    expect(
      read(csv('a', '[local]', 'LOG', 'AUDIT: SESSION,1,1,ROLE,DROP OWNED,,,DROP OWNED BY wang,<none>')).action,
    ).toBe('delete');
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
