import { describe, expect, it } from 'vitest';
import { attributes, iso, NOW, read } from './read.ts';

describe('RFC 5424', () => {
  it('reads every header field, the structured data and the message', () => {
    const event = read(
      '<165>1 2026-03-05T08:09:10.123456+08:00 web-1 portal 42 ID47 [ex@32473 iut="3" src="App"][meta sequenceId="9"] 你好',
    );
    expect(event).toMatchObject({
      format: 'rfc5424',
      fault: '',
      host: 'web-1',
      service: 'portal',
      message: '你好',
      severity: 2,
    });
    expect(iso(event)).toBe('2026-03-05T00:09:10.123Z');
    expect(attributes(event, 'pid', 'syslog.msgid', 'ex@32473.iut', 'ex@32473.src', 'meta.sequenceId')).toEqual({
      ...{ pid: '42', 'syslog.msgid': 'ID47', 'ex@32473.iut': '3', 'ex@32473.src': 'App', 'meta.sequenceId': '9' },
    });
    expect(attributes(event, 'syslog.priority', 'syslog.facility', 'syslog.severity')).toEqual({
      ...{ 'syslog.priority': '165', 'syslog.facility': '20', 'syslog.severity': '5' },
    });
  });

  it('takes a header of nothing but NILVALUEs', () => {
    const event = read('<10>1 - - - - - -');
    expect(event).toMatchObject({ format: 'rfc5424', fault: '', time: NOW, host: '', service: '', message: '' });
  });

  it('takes three-digit versions and the widest offset', () => {
    const event = read('<191>999 2018-12-31T23:59:59.999999-23:59 h s p m -');
    expect(iso(event)).toBe('2019-01-01T23:58:59.999Z');
    expect(attributes(event, 'syslog.version')).toEqual({ 'syslog.version': '999' });
  });

  it('undoes the three escapes in values and no others', () => {
    const event = read('<29>1 - h a - - [x a="q\\"b\\\\c\\]d" b="\\n"] m');
    expect(attributes(event, 'x.a', 'x.b')).toEqual({ 'x.a': 'q"b\\c]d', 'x.b': '\\n' });
    expect(event.message).toBe('m');
  });

  it('keeps an element without parameters', () => {
    expect(attributes(read('<29>1 - h a - - [only][two p="1"]'), 'only', 'two.p')).toEqual({
      only: 'true',
      'two.p': '1',
    });
  });

  it('leaves the byte order mark out of the message', () => {
    expect(read('<29>1 - h a - - - \ufefftext').message).toBe('text');
  });

  it.each(['0.1', '0.12', '0.123', '0.123456', '0.123456789'])('reads a fraction of any length (%s)', (fraction) => {
    const event = read(`<29>1 2026-03-05T00:00:0${fraction}Z h a - - - m`);
    expect(event.time).toBe(Date.parse('2026-03-05T00:00:00Z') + Math.floor(Number(fraction) * 1000));
  });

  it.each([
    ['<29>1 2026-02-30T00:00:00Z h a - - - m', 'timestamp'],
    ['<29>1 2026-13-01T00:00:00Z h a - - - m', 'timestamp'],
    ['<29>1 2026-03-05T25:00:00Z h a - - - m', 'timestamp'],
    ['<192>1 - h a - - - m', 'priority 192'],
    ['<29>1 - h a - - [x a="1 m', 'structured data'],
    ['<29>1 - h a', 'header'],
  ])('keeps what can be read of %s and names the fault', (line, fault) => {
    const event = read(line);
    expect(event).toMatchObject({ format: 'rfc5424', host: 'h', time: NOW });
    expect(event.fault).toContain(fault);
  });

  it('strips the line end that forwarders leave in the frame', () => {
    expect(read('<29>1 - h a - - - m\n').message).toBe('m');
    expect(read('<29>1 - h a - - - m\r\n\0').message).toBe('m');
  });
});
