import { describe, expect, it } from 'vitest';
import { vendorReadsBusinessData } from '../../detectors/vendor-reads-business-data.ts';
import type { Event } from '../../src/event/event.ts';
import { judge } from '../detection/judge.ts';
import { conforms } from './conformance.ts';
import { says } from './town.ts';
import { act, order, vendorTown, type Orders } from './vendors.ts';

const AT = '2026-11-20T15:00';
const read = (iso: string, fields: Partial<Event> = {}) =>
  act(iso, { classUid: 6005, action: 'query', asset: 'recipients', assetLevel: 'important', rows: 3, ...fields });
const minor = { asset: 'minor', assetLevel: 'general-2' as const };
const signals = (events: Event[], ...orders: Orders) =>
  judge(vendorReadsBusinessData, events, { registry: vendorTown({ 'work-orders': orders }) }).signals;

describe('vendor-reads-business-data', () => {
  conforms(vendorReadsBusinessData, { events: () => [read(AT)], options: () => ({ registry: vendorTown() }) });

  it('finds a single row of important data that is read without a work order', () => {
    const [found] = signals([read(AT, { rows: 1 })]);
    expect(found).toMatchObject({ observed: 1, threshold: 0, score: 100 });
    expect(
      says(
        found,
        { zh: '没有有效工单', en: 'no work order was open' },
        { zh: '云栈科技', en: 'Cloudstack Technologies' },
      ),
    ).toBe(true);
  });

  it('wants the asset in the order and the owner’s consent', () => {
    const consent = { assets: ['recipients'], ownerConsent: true };
    expect(signals([read(AT)], order(consent))).toEqual([]);
    expect(
      says(signals([read(AT)], order({ assets: ['recipients'] }))[0], {
        zh: '未经归属方同意',
        en: "lacks the owner's consent",
      }),
    ).toBe(true);
    expect(
      says(signals([read(AT)], order({ ownerConsent: true }))[0], {
        zh: '未写明该资产',
        en: 'does not name the asset',
      }),
    ).toBe(true);
    expect(signals([read('2026-11-20T18:00')], order(consent))).toHaveLength(1);
    expect(signals([read('2026-11-20T17:59')], order(consent))).toEqual([]);
    expect(signals([read(AT, { person: 'p-other' })], order({ ...consent, persons: ['p-liu'] }))).toHaveLength(1);
  });

  it('takes a work order that the line names as it is where none is on record, and checks it where some are', () => {
    expect(signals([read(AT, { workOrder: 'GD-7' })])).toEqual([]);
    expect(signals([read('2026-11-25T15:00', { workOrder: 'GD-7' })], order())).toHaveLength(1);
  });

  it('allows twenty rows of general data under a work order, none without', () => {
    expect(signals([read(AT, { ...minor, rows: 20 })], order())).toEqual([]);
    expect(signals([read(AT, { ...minor, rows: 12 }), read(AT, { ...minor, rows: 9 })], order())).toMatchObject([
      { observed: 21, threshold: 20 },
    ]);
    expect(signals([read(AT, { ...minor, rows: 1 })])).toHaveLength(1);
    const nextDay = order({ id: 'GD-2', from: '2026-11-21T14:00', to: '2026-11-21T18:00' });
    expect(
      signals([read(AT, { ...minor, rows: 15 }), read('2026-11-21T15:00', { ...minor, rows: 15 })], order(), nextDay),
    ).toEqual([]);
  });

  it('leaves officers, applications, the operations plane, writes and unknown assets out', () => {
    const others = [
      { vendor: '' },
      { role: 'service' },
      { plane: 'operations' },
      { action: 'update' },
      { assetLevel: '' as const },
      { outcome: 'failure' as const },
    ];
    for (const fields of others) expect(signals([read(AT, fields)])).toEqual([]);
  });
});
