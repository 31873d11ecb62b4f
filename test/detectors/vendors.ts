import type { Event } from '../../src/event/event.ts';
import type { RegistryInput } from '../../src/registry/schema.ts';
import { eventAt } from '../detection/judge.ts';
import { sharingTown } from './granted.ts';

/** The towns with a vendor under contract for the aid system, two of its people, and work orders as given. */
export function vendorTown(more: RegistryInput = {}) {
  return sharingTown([], {
    persons: [
      { id: 'p-liu', name: '刘洋', vendor: 'yunzhan' },
      { id: 'p-chen', name: '陈杰', department: 'culture' },
      { id: 'p-wang', name: '王芳', department: 'civil' },
    ],
    accounts: [
      { id: 'yz_liu', login: 'yz_liu', vendor: 'yunzhan', person: 'p-liu', openedAt: '2026-01-01' },
      { id: 'yz_chen', login: 'yz_chen', vendor: 'yunzhan', openedAt: '2026-01-01' },
      { id: 'hd_zhou', login: 'hd_zhou', vendor: 'hengda', openedAt: '2026-01-01' },
      { id: 'wangfang', login: 'wangfang', department: 'civil', person: 'p-wang', openedAt: '2024-01-01' },
    ],
    contracts: [{ id: 'HT-1', vendor: 'yunzhan', systems: ['aid'], from: '2026-01-01', to: '2026-12-31' }],
    ...more,
  });
}

export type Orders = NonNullable<RegistryInput['work-orders']>;

/** A work order on the aid system for the afternoon of 20 November, unless said otherwise. */
export const order = (fields: Partial<Orders[number]> = {}): Orders[number] => ({
  id: 'GD-1',
  contract: 'HT-1',
  from: '2026-11-20T14:00',
  to: '2026-11-20T18:00',
  ...fields,
});

/** What a person of the vendor does on the aid system, as enrichment leaves it. */
export const act = (iso: string, fields: Partial<Event> = {}): Event =>
  eventAt(iso, {
    action: 'command',
    outcome: 'success',
    account: 'yz_liu',
    actor: 'yz_liu',
    person: 'p-liu',
    vendor: 'yunzhan',
    contract: 'HT-1',
    system: 'aid',
    plane: 'business',
    clientAddress: '192.0.2.44',
    ...fields,
  });
