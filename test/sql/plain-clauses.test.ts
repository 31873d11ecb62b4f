import { describe, expect, it } from 'vitest';
import { plainClauses } from '../../src/sql/plain-clauses.ts';

describe('clauses that tables of people do not need', () => {
  it.each([
    ['SELECT * FROM events FINAL', 'SELECT * FROM events '],
    ['SELECT * FROM events AS e FINAL WHERE a = 1', 'SELECT * FROM events AS e  WHERE a = 1'],
    ['SELECT * FROM (SELECT id FROM events FINAL) AS x', 'SELECT * FROM (SELECT id FROM events ) AS x'],
    ['SELECT a FROM events PREWHERE a = 1 LIMIT 3', 'SELECT a FROM events WHERE a = 1 LIMIT 3'],
    ['SELECT (SELECT a FROM t PREWHERE a) FROM u WHERE b', 'SELECT (SELECT a FROM t WHERE a) FROM u WHERE b'],
  ])('are left out of %s', (sql, plain) => {
    expect(plainClauses(sql)).toBe(plain);
  });

  it.each([
    "SELECT 'events FINAL PREWHERE x'",
    'SELECT FINAL FROM events',
    'SELECT 1 AS FINAL',
    'SELECT `FINAL` FROM events',
    'SELECT a FROM events WHERE FINAL = 1',
    'SELECT a FROM events PREWHERE a = 1 WHERE b = 2',
  ])('stay where they mean something else: %s', (sql) => {
    expect(plainClauses(sql)).toBe(sql);
  });
});
