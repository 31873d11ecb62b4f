import { describe, expect, it } from 'vitest';
import { checkValues, readStatement, reads } from '../../src/store/statement.ts';

describe('a statement that came over HTTP', () => {
  it('loses comments before it, the semicolons after it and its FORMAT', () => {
    expect(readStatement("-- c\nSELECT ';' FORMAT JSON ;\n;")).toEqual({
      verb: 'SELECT',
      sql: "SELECT ';'",
      format: 'JSON',
      tail: '',
    });
  });

  it('keeps settings that follow FORMAT', () => {
    expect(readStatement('SELECT 1 FORMAT CSV SETTINGS max_threads = 1, final = 0')).toMatchObject({
      sql: 'SELECT 1',
      format: 'CSV',
      tail: 'SETTINGS max_threads = 1, final = 0',
    });
  });

  it.each([
    'SELECT format FROM events',
    'SELECT count() AS n, format FROM events GROUP BY format ORDER BY format DESC',
    "SELECT 1 WHERE 'FORMAT JSON' = ''",
    'SELECT format, source FROM events ORDER BY format',
    'SELECT `format` json FROM t WHERE format LIKE {x:String} AND 1',
  ])('knows a column called format from the clause: %s', (sql) => {
    expect(readStatement(sql)).toMatchObject({ sql, format: '' });
  });

  it('is refused when it is empty or more than one', () => {
    expect(() => readStatement(' -- nothing\n;')).toThrow('Code: 62. DB::Exception: Empty query. (SYNTAX_ERROR)');
    expect(() => readStatement('SELECT 1; SELECT 2')).toThrow('Multi-statements are not allowed');
    expect(() => readStatement("SELECT 'a;b'; -- c\n ;")).not.toThrow();
  });

  it('that inserts is split from its rows, whatever they hold', () => {
    expect(readStatement('INSERT INTO t (`values`, b) FORMAT JSONEachRow {"a":"; SELECT 2"}\n').insert).toEqual({
      format: 'JSONEachRow',
      data: '{"a":"; SELECT 2"}\n',
      settings: '',
    });
    expect(readStatement("INSERT INTO t SETTINGS max_threads = 1 VALUES ('a;'), ('b')")).toMatchObject({
      sql: 'INSERT INTO t',
      insert: { format: 'Values', data: "('a;'), ('b')", settings: 'SETTINGS max_threads = 1' },
    });
    expect(readStatement('INSERT INTO format FORMAT Native').insert?.data).toBe('');
    expect(readStatement('INSERT INTO t SELECT 1').insert).toBeUndefined();
  });

  it.each([
    "SELECT file('/etc/hostname')",
    "SELECT `FILE`('/etc/hostname')",
    'SELECT "fi\\le"(\'/etc/hostname\')',
    "SELECT 'x' AS a, * APPLY file FROM t",
    "SELECT 1 INTO/**/OUTFILE '/tmp/x'",
    "SELECT 'a\\'' , 1 INTO OUTFILE '/tmp/x' --'",
    "SELECT x'\\', file('/etc/hostname')",
    "SELECT $a$ ' $a$, file('/etc/hostname')",
    "SELECT 1 # ' \n, file('/etc/hostname')",
    "SELECT 1 // ' \n, file('/etc/hostname')",
    "INSERT INTO t FROM INFILE '/etc/hostname' FORMAT CSV",
    "INSERT INTO FUNCTION url('http://192.0.2.1') SELECT 1",
    "INSERT INTO t SELECT file('/etc/hostname')",
    "CREATE TABLE t (a String) ENGINE = File(CSV, '/etc/hostname')",
    "CREATE TABLE t (a String) ENGINE URL('http://192.0.2.1')",
    "CREATE TABLE t (a String) ENGINE = `Executable`('ls', CSV)",
    "CREATE DICTIONARY d (a String) PRIMARY KEY a SOURCE(HTTP(url 'http://192.0.2.1'))",
    'CREATE OR REPLACE FUNCTION f AS x -> x',
    'SYSTEM SHUTDOWN',
    'SET max_memory_usage = 0',
    'GRANT ALL ON *.* TO default',
    'ATTACH TABLE t',
    "BACKUP TABLE t TO File('/tmp/x')",
  ])('is refused when it reaches the host or the engine itself: %s', (sql) => {
    expect(() => readStatement(sql)).toThrow('ACCESS_DENIED');
  });

  it.each(["SELECT 'file(/etc/hostname) into outfile'", 'SELECT /* file */ 1', 'SELECT message FROM t -- outfile'])(
    'may speak of files in texts and comments: %s',
    (sql) => {
      expect(() => readStatement(sql)).not.toThrow();
    },
  );

  it('is checked in the expressions of its values too', () => {
    expect(() => checkValues("('file', 1), (now(), 2)")).not.toThrow();
    expect(() => checkValues("(file('/etc/hostname'))")).toThrow('ACCESS_DENIED');
  });

  it('that changes something is known as such', () => {
    expect(reads(readStatement('WITH 1 AS a SELECT a'))).toBe(true);
    expect(reads(readStatement('DROP TABLE t'))).toBe(false);
  });
});
