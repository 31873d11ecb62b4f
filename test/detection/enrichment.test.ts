import { describe, expect, it } from 'vitest';
import { contractAt, Enrichment } from '../../src/detection/enrichment.ts';
import type { Event } from '../../src/event/event.ts';
import { registryFrom } from '../../src/registry/registry-from.ts';
import { eventAt } from './judge.ts';

const registry = registryFrom({
  departments: [{ id: 'civil-affairs', name: '民政局' }],
  vendors: [{ id: 'cloudco', name: '云启科技' }],
  systems: [
    { id: 'aid', name: '救助系统', department: 'civil-affairs', hosts: ['aid-db-01', '192.0.2.10'] },
    { id: 'bastion', name: '堡垒机', hosts: ['jump'], plane: 'operations' },
  ],
  assets: [
    {
      id: 'families',
      name: '低保家庭',
      names: ['aid.public.family', '/api/families/*'],
      system: 'aid',
      level: 'important',
    },
  ],
  accounts: [
    { id: 'u-li', login: 'li', person: 'p-li', department: 'civil-affairs', role: 'clerk' },
    { id: 'v-wu', login: 'wu', person: 'p-wu', vendor: 'cloudco', role: 'dba', privileged: true },
    { id: 'aid-root', login: 'root', systems: ['aid'], role: 'service' },
  ],
  contracts: [
    { id: 'c-2025', vendor: 'cloudco', systems: ['aid'], from: '2025-01-01', to: '2025-12-31' },
    { id: 'c-2026', vendor: 'cloudco', systems: ['aid'], from: '2026-01-01', to: '2026-06-30' },
  ],
  sources: [{ id: 'gateway', system: 'aid' }],
});

function enriched(fields: Partial<Event>, iso = '2026-03-02T10:00'): Event {
  const event = eventAt(iso, fields);
  new Enrichment().enrich(event, registry);
  return event;
}

describe('enrichment', () => {
  it('says who an account is and where it is, over what the sender claims', () => {
    expect(
      enriched({ account: 'li', host: 'aid-db-01.gov.example', department: 'finance', vendor: 'evil' }),
    ).toMatchObject({
      actor: 'u-li',
      person: 'p-li',
      department: 'civil-affairs',
      vendor: '',
      role: 'clerk',
      system: 'aid',
      plane: 'business',
    });
  });

  it('knows an account under its domain and in other letters', () => {
    expect(enriched({ account: 'GOV\\LI', host: 'jump' })).toMatchObject({ actor: 'u-li', account: 'GOV\\LI' });
    expect(enriched({ account: 'Wu', host: 'jump' })).toMatchObject({ actor: 'v-wu', vendor: 'cloudco' });
  });

  it('keeps the claims of the sender about somebody the registry does not know', () => {
    expect(enriched({ account: 'zhao', host: 'jump', department: 'tax' })).toMatchObject({
      actor: 'zhao@bastion',
      department: 'tax',
      plane: 'operations',
    });
  });

  it('finds an account that is limited to systems only there', () => {
    expect(enriched({ account: 'root', host: 'aid-db-01' }).actor).toBe('aid-root');
    expect(enriched({ account: 'root', host: 'web-07' }).actor).toBe('root@web-07');
    expect(enriched({ account: 'root' }).actor).toBe('root');
  });

  it('names the asset by any of its names and takes the system from it when nothing else tells', () => {
    expect(enriched({ asset: '/api/families/42' })).toMatchObject({
      asset: 'families',
      assetLevel: 'important',
      system: 'aid',
    });
    expect(enriched({ asset: 'AID.public.family' }).asset).toBe('families');
  });

  it('believes no level that a sender claims for an asset nobody knows', () => {
    expect(enriched({ asset: 'nowhere', assetLevel: 'core' }).assetLevel).toBe('');
  });

  it('finds the system of a source when neither system nor host is stated', () => {
    expect(enriched({ source: 'gateway' }).system).toBe('aid');
  });

  it.each([
    ['2025-07-01T10:00', 'c-2025'],
    ['2025-12-31T23:59', 'c-2025'],
    ['2026-01-01T00:00', 'c-2026'],
    ['2026-11-20T10:00', 'c-2026'],
    ['2024-11-20T10:00', ''],
  ])('at %s the contract is "%s": the one in force, else the last that ended', (iso, contract) => {
    expect(enriched({ account: 'wu', host: 'aid-db-01' }, iso).contract).toBe(contract);
  });

  it('prefers an ended contract for the system to a running one for another', () => {
    const ended = { id: 'a', vendor: 'v', systems: ['x'], from: 0, to: 10, roster: [] };
    const running = { id: 'b', vendor: 'v', systems: ['y'], from: 0, to: 100, roster: [] };
    expect(contractAt([ended, running], 'x', 50)?.id).toBe('a');
    expect(contractAt([ended, running], '', 50)?.id).toBe('b');
  });

  it('changes nothing when it meets an event again', () => {
    const event = enriched({ account: 'wu', host: 'aid-db-01', asset: 'aid.public.family' });
    const again = { ...event };
    new Enrichment().enrich(again, registry);
    expect(again).toEqual(event);
  });

  it('lists what it could not resolve, most frequent first', () => {
    const enrichment = new Enrichment();
    for (const account of ['ghost', 'ghost', 'spirit'])
      enrichment.enrich(eventAt('2026-03-02T10:00', { account }), registry);
    expect(enrichment.unresolved()).toEqual([
      { kind: 'account', name: 'ghost', count: 2 },
      { kind: 'account', name: 'spirit', count: 1 },
    ]);
  });
});
