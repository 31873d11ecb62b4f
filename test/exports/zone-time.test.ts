import { describe, expect, it } from 'vitest';
import { ZoneTimes } from '../../src/exports/zone-time.ts';

const times = new ZoneTimes('Asia/Shanghai');

describe('times in a zone', () => {
  it('are written with the offset of that moment, before 1900 and over a change of the clock too', () => {
    expect(times.text(Date.parse('2026-11-26T09:29:13.004Z'))).toBe('2026-11-26T17:29:13.004+08:00');
    expect(new ZoneTimes('Europe/Berlin').text(Date.parse('2026-03-29T00:59:59Z'))).toBe(
      '2026-03-29T01:59:59.000+01:00',
    );
    expect(new ZoneTimes('Europe/Berlin').text(Date.parse('2026-03-29T01:00:00Z'))).toBe(
      '2026-03-29T03:00:00.000+02:00',
    );
    expect(new ZoneTimes('America/St_Johns').text(0)).toBe('1969-12-31T20:30:00.000-03:30');
    const old = times.text(Date.parse('1869-05-10T12:00:00Z'));
    expect(Date.parse(old)).toBe(Date.parse('1869-05-10T12:00:00Z'));
  });
});
