import { describe, expect, it } from 'vitest';
import { iso, NOW, read } from './read.ts';

const timed = (time: unknown, name = 'time'): ReturnType<typeof read> =>
  read(JSON.stringify({ [name]: time, user: 'w' }));

describe('the time of any JSON', () => {
  it.each([
    1_792_463_430,
    '1792463430',
    1_792_463_430.0,
    '1792463430.000',
    1_792_463_430_000,
    '1792463430000',
    '1792463430000000',
    '1792463430000000000',
    '2026-10-20T02:30:30Z',
    '2026-10-20T10:30:30+08:00',
    '2026-10-20T10:30:30+0800',
    '2026-10-20t10:30:30+08',
    '2026-10-20 10:30:30',
    '2026-10-20 10:30:30.000000',
    '2026-10-20 10:30:30,000',
    '2026-10-20 10:30:30 +0800',
    '2026-10-20 10:30:30 CST',
    '2026-10-20 02:30:30 UTC',
    '2026/10/20 10:30:30',
    '2026.10.20 10:30:30',
    '2026年10月20日 10:30:30',
    '2026年10月20日10时30分30秒',
    '20261020103030',
    '20261020T023030Z',
    '20/Oct/2026:10:30:30 +0800',
    'Tue, 20 Oct 2026 02:30:30 GMT',
    'Tue Oct 20 10:30:30 2026',
    'Oct 20 10:30:30',
  ])('is read from %j', (time) => {
    const event = timed(time);
    expect(iso(event)).toBe('2026-10-20T02:30:30.000Z');
    expect(event.fault).toBe('');
  });

  it.each([
    ['2026-1-5 9:05:03', '2026-01-05T01:05:03.000Z'],
    ['2026-01-05T09:05', '2026-01-05T01:05:00.000Z'],
    ['2026-01-05', '2026-01-04T16:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2026-01-05T09:05:03.1239999Z', '2026-01-05T09:05:03.123Z'],
    ['2026-12-31T23:59:60Z', '2027-01-01T00:00:00.000Z'],
  ])('%s is %s', (time, expected) => {
    expect(iso(timed(time))).toBe(expected);
  });

  it.each([
    ...['2026-02-30', '2026-02-29T00:00:00Z', '2026-13-01 00:00:00', '2026-10-20 24:30:00', '2026-10-20T10:30:61Z'],
    ...['20261340103030', '10:30', 'yesterday', -5, 0, 17, 1e300, 1_792_463_430_000_00, '1792463430x', true, '2026'],
  ])('is the ingest time, with a reason, for %j', (time) => {
    const event = timed(time);
    expect(event.time).toBe(NOW);
    expect(event.fault).toContain('is none');
  });

  it('is taken from the next name when the best one holds none', () => {
    const event = read('{"timestamp":"soon","time":"2026-10-20T02:30:30Z","user":"w"}');
    expect(iso(event)).toBe('2026-10-20T02:30:30.000Z');
    expect(event.fault).toBe('');
  });
});

describe('the time of our own JSON', () => {
  it('is no number of seconds', () => {
    expect(read('{"kind":"sign-in","account":"w","time":1792463430}')).toMatchObject({ time: NOW });
    expect(read('{"kind":"sign-in","account":"w","time":1792463430}').fault).toContain('whole ms since 1970');
  });
});
