import { describe, expect, it } from 'vitest';
import {
  actorAsset,
  changedAccount,
  dataSubject,
  loginAtAddress,
  logStream,
  networkOf,
  source,
} from '../../src/detection/subjects.ts';
import { partitionOf } from '../../src/collectors/partition-of.ts';
import { eventAt } from './judge.ts';

const at = '2026-11-20T12:00';

describe('subjects', () => {
  it.each([
    ['203.0.113.77', '203.0.113.0/24'],
    ['::ffff:203.0.113.77', '203.0.113.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8::5', '2001:db8:0:0::/64'],
    ['1::2:3:4:5:6', '1:0:0:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['gateway.example.org', ''],
    ['10.1.2', ''],
    ['', ''],
  ])('take %s to the network %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it('tell logins by account and address, by host without one, by source without an account', () => {
    const of = (fields: object) => loginAtAddress.of(eventAt(at, { host: 'web01', ...fields }));
    expect(of({ account: 'root', clientAddress: '192.0.2.1' })).toBe('root\u001f192.0.2.1');
    expect(of({ account: 'root' })).toBe('root\u001f@web01');
    expect(of({ clientAddress: '192.0.2.1' })).toBe('\u001ftest\u001f192.0.2.1');
    expect(of({})).toBe('');
    expect(of({ account: 'CORP\\Root', clientAddress: '192.0.2.1' })).toBe('root\u001f192.0.2.1');
  });

  it('lie in the partition of their account, however it is spelled', () => {
    const partitions = ['wangfang', 'WangFang', 'CORP\\wangfang', 'wangfang@CORP.EXAMPLE'].map((account) =>
      partitionOf(eventAt(at, { account }), 1000),
    );
    expect(new Set(partitions).size).toBe(1);
  });

  it('tell an actor’s use of an asset only when both are known', () => {
    expect(actorAsset.of(eventAt(at, { actor: 'lina', asset: 'a' }))).toBe('lina\u001fa');
    expect(actorAsset.of(eventAt(at, { actor: 'lina' }))).toBe('');
  });

  it('that can be woken are told by the fields of an event, and back', () => {
    const event = eventAt(at, { source: 'archive', host: 'db01', target: 'CORP\\Liu', system: 'aid' });
    for (const kind of [source, logStream, changedAccount]) {
      const subject = kind.of(event);
      expect(subject).not.toBe('');
      expect(kind.of(eventAt(at, { source: '', ...kind.about!(subject) }))).toBe(subject);
    }
  });

  it('split an event about several persons into one for each, and leave one about a single person whole', () => {
    const look = (...dataSubjects: string[]) => dataSubject.split!(eventAt(at, { dataSubjects }));
    expect(look('a', 'b', 'a')?.map((event) => dataSubject.of(event))).toEqual(['a', 'b']);
    expect(look('a')).toBeUndefined();
    expect(dataSubject.of(eventAt(at))).toBe('');
  });
});
