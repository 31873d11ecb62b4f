import { describe, expect, it } from 'vitest';
import { identify, type Sender } from '../../src/registry/identify.ts';
import { registryFrom } from '../../src/registry/registry-from.ts';

const registry = registryFrom({
  sources: [
    { id: 'portal-web', addresses: ['192.0.2.10', '2001:db8:7::/48'], timeZone: 'Asia/Urumqi', encoding: 'gb18030' },
    { id: 'hall-network', addresses: ['198.51.100.0/24'], format: 'rfc3164' },
    { id: 'civil-affairs-db', certificateSubject: 'db01.mz.example' },
  ],
});

const stranger: Sender = {
  collector: 'syslog-tcp',
  protocol: 'tcp',
  address: '203.0.113.9',
  certificateSubject: '',
  boundSource: '',
  hasToken: false,
};
const who = (sender: Partial<Sender>): ReturnType<typeof identify> =>
  identify(registry, { ...stranger, ...sender }, 'Asia/Shanghai');

describe('who sends', () => {
  it('is named by protocol and address when the registry does not know it', () => {
    expect(who({})).toMatchObject({
      source: 'tcp/203.0.113.9',
      authenticated: false,
      timeZone: 'Asia/Shanghai',
    });
  });

  it.each([
    ['192.0.2.10', 'portal-web'],
    ['2001:db8:7:1::5', 'portal-web'],
    ['198.51.100.77', 'hall-network'],
    ['198.51.101.77', 'tcp/198.51.101.77'],
  ])('at %s is %s, but that proves nothing', (address, source) => {
    expect(who({ address })).toMatchObject({ source, authenticated: false });
  });

  it('brings zone, encoding and format of its registry entry', () => {
    expect(who({ address: '192.0.2.10' })).toMatchObject({ timeZone: 'Asia/Urumqi', encoding: 'gb18030', format: '' });
    expect(who({ address: '198.51.100.1' })).toMatchObject({ format: 'rfc3164' });
  });

  it('is proven by a certificate, wherever it comes from', () => {
    const identity = who({ address: '192.0.2.10', certificateSubject: 'db01.mz.example' });
    expect(identity).toMatchObject({ source: 'civil-affairs-db', authenticated: true });
  });

  it('keeps the name of a certificate that the registry does not know', () => {
    expect(who({ certificateSubject: 'new.example' })).toMatchObject({
      source: 'tcp/new.example',
      authenticated: true,
    });
  });

  it('is proven by a token that is bound to a source', () => {
    expect(who({ boundSource: 'civil-affairs-db', hasToken: true })).toMatchObject({
      source: 'civil-affairs-db',
      authenticated: true,
    });
  });
});

describe('how a sender was known', () => {
  const print = 'ab'.repeat(32);
  const colons = print.toUpperCase().replace(/(..)(?!$)/g, '$1:');
  const pinned = registryFrom({
    sources: [
      { id: 'any', certificateSubject: 'gate' },
      { id: 'pinned', certificateSubject: 'gate', certificateFingerprint: colons },
    ],
  });
  const byCertificate = (certificateFingerprint: string) =>
    identify(pinned, { ...stranger, certificateSubject: 'gate', certificateFingerprint }, 'Asia/Shanghai');

  it.each([
    [{ certificateSubject: 'db01.mz.example' }, 'certificate'],
    [{ hasToken: true, boundSource: 'portal-web' }, 'token'],
    [{ hasToken: true, address: '192.0.2.10' }, 'shared-token'],
    [{ boundSource: 'portal-web', address: '/var/log/x' }, 'configured'],
    [{ address: '192.0.2.10' }, 'network'],
    [{}, 'claimed'],
  ])('%j is told as %s', (sender, identity) => {
    expect(who(sender).identity).toBe(identity);
  });

  it('is a certificate by its fingerprint before it is one by its subject', () => {
    expect(byCertificate(print)).toMatchObject({ source: 'pinned', identity: 'certificate' });
    expect(byCertificate('cd'.repeat(32))).toMatchObject({ source: 'any', identity: 'certificate' });
  });
});
