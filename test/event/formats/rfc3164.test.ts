import { describe, expect, it } from 'vitest';
import { attributes, iso, NOW, read } from './read.ts';

describe('RFC 3164', () => {
  it('reads priority, time in the source’s zone, host, tag and pid', () => {
    const event = read('<34>Oct 11 22:14:15 mymachine su-x[77]: lonvick did it');
    expect(event).toMatchObject({
      format: 'rfc3164',
      host: 'mymachine',
      service: 'su-x',
      message: 'lonvick did it',
      severity: 5,
    });
    expect(iso(event)).toBe('2026-10-11T14:14:15.000Z');
    expect(attributes(event, 'pid', 'syslog.facility')).toEqual({ pid: '77', 'syslog.facility': '4' });
  });

  it('reads the line of a log file, which has no priority', () => {
    expect(read('Nov  3 01:02:03 h cron[1]: x')).toMatchObject({ host: 'h', service: 'cron', message: 'x' });
  });

  it.each([
    ['Dec 31 23:59:59', '2026-01-01T00:10:00Z', '2025-12-31T23:59:59.000Z'],
    ['Jan  1 00:00:01', '2025-12-31T23:59:00Z', '2026-01-01T00:00:01.000Z'],
    ['Feb 29 12:00:00', '2026-11-01T00:00:00Z', '2024-02-29T12:00:00.000Z'],
    ['Feb 29 12:00:00', '2028-02-28T23:00:00Z', '2028-02-29T12:00:00.000Z'],
    ['Feb 29 12:00:00', '2102-02-28T23:00:00Z', '2096-02-29T12:00:00.000Z'],
    ['Jun 1 05:06:07', '2026-06-02T00:00:00Z', '2026-06-01T05:06:07.000Z'],
    ['Dec 10 06:55:46', '2026-11-25T00:00:00Z', '2025-12-10T06:55:46.000Z'],
    ['Feb 12 14:10:21', '2026-11-25T00:00:00Z', '2026-02-12T14:10:21.000Z'],
    ['Nov 27 00:00:00', '2026-11-25T00:00:00Z', '2026-11-27T00:00:00.000Z'],
  ])('gives %s at %s the latest year that is not ahead by more than a clock can be wrong', (stamp, now, expected) => {
    expect(iso(read(`${stamp} h a: m`, { timeZone: 'UTC', now: Date.parse(now) }))).toBe(expected);
  });

  it('follows the zone through a change to summer time', () => {
    const zone = { timeZone: 'Europe/Berlin', now: Date.parse('2026-04-01T00:00:00Z') };
    expect(iso(read('Mar 29 01:30:00 h a: m', zone))).toBe('2026-03-29T00:30:00.000Z');
    expect(iso(read('Mar 29 03:30:00 h a: m', zone))).toBe('2026-03-29T01:30:00.000Z');
  });

  it.each([
    ['2026-03-05T08:09:10.123456+08:00 h sshx[9]: m', '2026-03-05T00:09:10.123Z'],
    ['2026-03-05T08:09:10+0800 h sshx[9]: m', '2026-03-05T00:09:10.000Z'],
    ['<13>2026-03-05T00:09:10Z h sshx[9]: m', '2026-03-05T00:09:10.000Z'],
    ['<13>Mar  5 2026 08:09:10 h sshx[9]: m', '2026-03-05T00:09:10.000Z'],
    ['<13>Mar  5 08:09:10 2026 h sshx[9]: m', '2026-03-05T00:09:10.000Z'],
    ['<13>Sep  5 08:09:10.5 h sshx[9]: m', '2026-09-05T00:09:10.500Z'],
  ])('takes the variant %s', (line, expected) => {
    const event = read(line);
    expect(event).toMatchObject({ format: 'rfc3164', host: 'h', service: 'sshx', message: 'm' });
    expect(iso(event)).toBe(expected);
  });

  it.each([
    ['<13>Thu Mar  5 08:09:10 h sshx[9]: m', '2026-03-05T00:09:10.000Z'],
    ['Thu Mar  5 08:09:10 2026 h sshx[9]: m', '2026-03-05T00:09:10.000Z'],
    ['<13>Mar 05 08:09:10 CST 2026 h sshx[9]: m', '2026-03-05T00:09:10.000Z'],
    ['<13>2026 Mar  5 08:09:10 h sshx[9]: m', '2026-03-05T00:09:10.000Z'],
    ['<13>2026 Mar  5 08:09:10 TZ-6 h 192.0.2.3 sshx[9]: m', '2026-03-05T14:09:10.000Z'],
    ['<13>5 Mar 2026 08:09:10 h sshx[9]: m', '2026-03-05T00:09:10.000Z'],
    ['<13>Mar  5 2026 08:09:10 GMT+2 h sshx[9]: m', '2026-03-05T06:09:10.000Z'],
    ['<13>Mar  5 2026 08:09:10+09:00 h sshx[9]: m', '2026-03-04T23:09:10.000Z'],
    ['<13>Mar  5 08:09:10:123 2026 h sshx[9]: m', '2026-03-05T00:09:10.123Z'],
    ['2026-03-05 08:09:10 +0900 h sshx[9]: m', '2026-03-04T23:09:10.000Z'],
    ['<13>1772669350.5 h sshx[9]: m', '2026-03-05T00:09:10.500Z'],
    ['<13>1 Mar  5 08:09:10 h sshx[9]: m', '2026-03-05T00:09:10.000Z'],
    ['Mar  5 08:09:10 <auth.info> h sshx[9]: m', '2026-03-05T00:09:10.000Z'],
    ['Mar  5 08:09:10 h auth|security:info sshx[9]: m', '2026-03-05T00:09:10.000Z'],
    ['Mar  5 08:09:10 Message forwarded from h: sshx[9]: m', '2026-03-05T00:09:10.000Z'],
    ['Mar  5 08:09:10 h sshx[9]: [ID 800047 auth.info] m', '2026-03-05T00:09:10.000Z'],
    ['Mar  5 08:09:10 h (sshx)[9]: m', '2026-03-05T00:09:10.000Z'],
  ])('takes what other systems write: %s', (line, expected) => {
    const event = read(line);
    expect(event).toMatchObject({ format: 'rfc3164', host: 'h', service: 'sshx', message: 'm', fault: '' });
    expect(iso(event)).toBe(expected);
    expect(attributes(event, 'pid')).toEqual({ pid: '9' });
  });

  it.each([
    ['<189>29: sw1: *Nov  1 18:46:11.123 UTC: %SYS-5-CONFIG_I: m', '2026-11-01T18:46:11.123Z', 'sw1', '29'],
    ['<189>000031: sw1: Nov  1 2026 18:46:11.123 CST: %SYS-5-CONFIG_I: m', '2026-11-01T10:46:11.123Z', 'sw1', '000031'],
    ['<189>Nov  1 18:46:11 sw1 29: Nov  1 18:46:10.999: %SYS-5-CONFIG_I: m', '2026-11-01T10:46:10.999Z', 'sw1', '29'],
    ['<189>Nov  1 18:46:11 sw1 29: *Mar  1 00:01:02: %SYS-5-CONFIG_I: m', '2026-11-01T10:46:11.000Z', 'sw1', '29'],
    ['<189>: 2026 Nov  1 18:46:11 UTC: %SYS-5-CONFIG_I: m', '2026-11-01T18:46:11.000Z', '', undefined],
    ['<189>:Nov  1 18:46:11 UTC: %SYS-5-CONFIG_I: m', '2026-11-01T18:46:11.000Z', '', undefined],
    ['Nov  1 2026 18:46:11 sw1 : %SYS-5-CONFIG_I: m', '2026-11-01T10:46:11.000Z', 'sw1', undefined],
  ])('finds time, name and sequence of a Cisco device in %s', (line, expected, host, sequence) => {
    const event = read(line);
    expect(event).toMatchObject({ host, service: '%SYS-5-CONFIG_I', message: 'm', severity: 2 });
    expect(iso(event)).toBe(expected);
    expect(attributes(event, 'sequence')).toEqual({ sequence });
  });

  it('reads IOS XR, whose node stands before the time', () => {
    const event = read(
      '<189>RP/0/RSP0/CPU0:Nov  1 18:46:11.123 UTC: exec[65775]: %SECURITY-LOGIN-6-AUTHEN_SUCCESS : m',
    );
    expect(event).toMatchObject({ service: 'exec', time: Date.parse('2026-11-01T18:46:11.123Z') });
    expect(attributes(event, 'node', 'pid')).toEqual({ node: 'RP/0/RSP0/CPU0', pid: '65775' });
  });

  it('does not take the words of a repeated message or an application’s level for a host', () => {
    expect(read('Nov  3 01:02:03 last message repeated 3 times')).toMatchObject({
      ...{ host: '', message: 'last message repeated 3 times' },
    });
    expect(read('2026-11-03 01:02:03,456 ERROR [main] store is full')).toMatchObject({
      ...{ host: '', severity: 4, message: 'ERROR [main] store is full' },
    });
  });

  it('reads the words of a priority where there is no number', () => {
    const event = read('Tue Nov  3 01:02:03 2026 authpriv.warn appd[5]: m');
    expect(event).toMatchObject({ host: '', service: 'appd', severity: 3 });
    expect(attributes(event, 'syslog.facility', 'syslog.severity')).toEqual({
      ...{ 'syslog.facility': '10', 'syslog.severity': '4' },
    });
  });

  it('says so when a date is none', () => {
    expect(read('<13>Nov 31 10:20:30 h a: b')).toMatchObject({
      ...{ time: NOW, fault: "timestamp 'Nov 31 10:20:30' is no time", message: 'Nov 31 10:20:30 h a: b' },
    });
  });

  it('takes Cisco’s sequence number, clock mark, zone and mnemonic', () => {
    const event = read('<189>29: *Nov  1 18:46:11.123 UTC: %SYS-5-CONFIG_I: Configured from console');
    expect(event).toMatchObject({ service: '%SYS-5-CONFIG_I', message: 'Configured from console', host: '' });
    expect(iso(event)).toBe('2026-11-01T18:46:11.123Z');
    expect(attributes(event, 'sequence')).toEqual({ sequence: '29' });
  });

  it('reads a tag where the host is left out', () => {
    expect(read('<13>Nov  3 01:02:03 app[5]: m')).toMatchObject({ host: '', service: 'app', message: 'm' });
  });

  it('takes an IPv6 address as host', () => {
    expect(read('<13>Nov  3 01:02:03 2001:db8::1 app: m')).toMatchObject({ host: '2001:db8::1', service: 'app' });
  });

  it('keeps a message that has neither time nor tag', () => {
    expect(read('<13>no header here')).toMatchObject({ time: NOW, service: '', message: 'no header here', fault: '' });
    expect(read('<13>app: with a tag')).toMatchObject({ time: NOW, service: 'app', message: 'with a tag' });
  });

  it('does not take a version number in the tag for part of the text', () => {
    expect(read('Nov  3 01:02:03 h syslogd 1.4.1: restart.')).toMatchObject({
      service: 'syslogd',
      message: 'restart.',
    });
  });
});
