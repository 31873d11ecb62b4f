import { describe, expect, it } from 'vitest';
import { addressOrName, shortestAddress } from '../../../src/event/formats/address.ts';

describe('shortestAddress', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:5432', '192.0.2.1'],
    ['192.0.2.1(5432)', '192.0.2.1'],
    ['[192.0.2.1]:80', '192.0.2.1'],
    ['2001:0DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['0:0:0:0:0:ffff:c000:0201', '192.0.2.1'],
    ['::1', '::1'],
    ['2001:db8::1(5432)', '2001:db8::1'],
    ['::ffff:192.0.2.1(5432)', '192.0.2.1'],
    ['[fe80::1%eth0]:22', 'fe80::1'],
  ])('writes %s as %s', (text, expected) => expect(shortestAddress(text)).toBe(expected));

  it.each(['', '256.1.1.1', '1.2.3', '1.2.3.4.5', '01.2.3.4', 'host', '12:34:56', ':', '::g', '[', '192.0.2.1x'])(
    'refuses %j',
    (text) => expect(shortestAddress(text)).toBe(''),
  );
});

describe('addressOrName', () => {
  it('keeps a host name in lower case, and nothing else', () => {
    expect(addressOrName('Host-1.Example.org')).toBe('host-1.example.org');
    expect(['UNKNOWN', 'a b', '', '<x>', '12345'].map(addressOrName)).toEqual(['', '', '', '', '']);
  });
});
