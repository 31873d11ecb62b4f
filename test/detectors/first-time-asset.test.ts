import { describe, expect, it } from 'vitest';
import { firstTimeAsset } from '../../detectors/first-time-asset.ts';
import type { Baselines } from '../../src/detection/detector.ts';
import type { Event } from '../../src/event/event.ts';
import { judge, NO_BASELINE } from '../detection/judge.ts';
import { grant, sharingTown } from './granted.ts';
import { access, later, says, settled, townRegistry, watchedTown } from './town.ts';
import { act, order, vendorTown, type Orders } from './vendors.ts';

const registry = townRegistry();
const NOON = '2026-11-20T12:00';
const watched: Baselines = { ...NO_BASELINE, observedDays: () => ({ days: 40, spanDays: 60 }) };
const notice = (n: number, fields: Partial<Event> = {}) => ({
  asset: `notice-${n}`,
  assetLevel: 'general-2' as const,
  ...fields,
});

const signalsOf = (events: Event[], options = {}) =>
  judge(firstTimeAsset, events, { registry, baseline: watched, ...options }).signals;

describe('first-time-asset', () => {
  it('finds the first use of an important asset, once', () => {
    const { findings } = judge(firstTimeAsset, [access(NOON), access(later(NOON, 60)), access(later(NOON, 90_000))], {
      registry,
      baseline: watched,
    });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ score: 64, severity: 'medium', count: 1, asset: 'recipients' });
    expect(says(findings[0], 'wangfang', '90', { zh: '低保对象信息', en: 'Aid recipients' })).toBe(true);
  });

  it('finds it again only after ninety days without use', () => {
    expect(signalsOf([access('2026-08-22T12:00'), access(NOON)])).toHaveLength(1);
    expect(signalsOf([access('2026-08-21T12:00'), access(NOON)])).toHaveLength(2);
  });

  it('wants 100 rows and few peers who use it for general data', () => {
    const rows = (n: number) => signalsOf([access(NOON, notice(1, { rows: n }))]).length;
    expect([rows(99), rows(100)]).toEqual([0, 1]);
    const [found] = signalsOf([access(NOON, notice(1, { rows: 100 }))]);
    expect(says(found, '100', '1.00', { zh: '同组 6 人', en: 'of 6 peers' })).toBe(true);
  });

  it('says which limits were reached, or that the level alone decides', () => {
    const [general] = signalsOf([access(NOON, notice(1, { rows: 150 }))]);
    expect(says(general, { zh: '150 行（阈值 100 行）', en: '150 rows so far (threshold 100)' })).toBe(true);
    expect(says(general, { zh: '稀有度 1.00，阈值 0.8', en: 'rarity 1.00, threshold 0.8' })).toBe(true);
    const [important] = signalsOf([access(NOON)]);
    expect(says(important, { zh: '重要以上数据首次使用即报', en: 'enough for important and core data' })).toBe(true);
  });

  it('counts the rows of the first twenty-four hours', () => {
    const read = (seconds: number) => [
      access(NOON, notice(1, { rows: 60 })),
      access(later(NOON, seconds), notice(1, { rows: 60 })),
    ];
    expect(signalsOf(read(3600))[0]).toMatchObject({ observed: 120 });
    expect(signalsOf(read(86_401))).toEqual([]);
  });

  it('stays quiet about general data that more than a fifth of the peers use', () => {
    const byPeers = (...actors: string[]) => ({ baseline: watchedTown('2026-11-20', { actors, asset: 'notice-1' }) });
    const read = [access(NOON, notice(1, { rows: 500 }))];
    expect(signalsOf(read, byPeers('lina'))).toHaveLength(1);
    expect(signalsOf(read, byPeers('lina', 'zhaolei'))).toEqual([]);
  });

  it('does not count peers who use it only today', () => {
    const baseline = watchedTown('2026-11-20', { actors: ['newcomer'], asset: 'notice-2' });
    for (const actor of ['lina', 'zhaolei', 'sunyue'])
      baseline.observe(access('2026-11-20T09:00', notice(1, { actor })));
    expect(signalsOf([access(NOON, notice(1, { rows: 500 }))], { baseline })).toHaveLength(1);
  });

  it('does not judge accounts without peers by rarity', () => {
    const ghost = { actor: 'ghost@aid01', account: 'ghost' };
    const early = access('2026-10-20T12:00', { ...notice(2), ...ghost });
    expect(signalsOf([early, access(NOON, { ...notice(1, { rows: 500 }), ...ghost })])).toEqual([]);
    expect(signalsOf([early, access(NOON, ghost)])).toHaveLength(1);
  });

  it('finds five new assets within twenty-four hours together, as high', () => {
    const visits = (n: number, hours: number) =>
      Array.from({ length: n }, (_, i) => access(later(NOON, i * hours * 3600), notice(i + 1)));
    expect(signalsOf(visits(4, 1))).toEqual([]);
    const { findings } = judge(firstTimeAsset, visits(5, 1), { registry, baseline: watched });
    expect(findings.at(-1)).toMatchObject({ score: 65, severity: 'high', asset: '', observed: 5 });
    expect(findings.at(-1)!.eventIds).toHaveLength(5);
    expect(says(findings.at(-1), '5', { zh: '24 小时', en: '24 hours' })).toBe(true);
    expect(signalsOf(visits(5, 6))).toEqual([]);
  });

  it('is silent for fourteen days after the account was opened', () => {
    const newcomer = { actor: 'newcomer' };
    expect(signalsOf([access('2026-11-23T23:59', newcomer)])).toEqual([]);
    expect(signalsOf([access('2026-11-24T00:00', newcomer)])).toHaveLength(1);
  });

  it('lets an account without an opening date warm up from its first appearance', () => {
    const ghost = { actor: 'ghost@aid01', account: 'ghost' };
    const first = access('2026-11-06T12:00', { ...ghost, ...notice(1) });
    expect(signalsOf([first, access('2026-11-20T11:59', ghost)])).toEqual([]);
    expect(signalsOf([first, access(NOON, ghost)])).toHaveLength(1);
  });

  it('flags nobody while the platform is new', () => {
    const since = (days: number) => ({ baseline: watchedTown('2026-11-20', { days, asset: 'notice-6' }) });
    expect(signalsOf([access(NOON)], since(13))).toEqual([]);
    expect(signalsOf([access(NOON)], since(14))).toHaveLength(1);
    const fewDays = { ...NO_BASELINE, observedDays: () => ({ days: 9, spanDays: 60 }) };
    expect(signalsOf([access(NOON)], { baseline: fewDays })).toEqual([]);
  });

  it('bounds the findings about an asset whose source was connected only now', () => {
    const baseline = watchedTown('2026-11-20', { asset: 'notice-6', actors: ['lina'] });
    const officers = ['lina', 'zhaolei', 'sunyue', 'zhouping', 'wumin', 'wangfang'];
    const morning = officers.map((actor, i) => access(later('2026-11-20T09:00', i * 60), { actor }));
    expect(signalsOf(morning, { baseline }).map(({ actor }) => actor)).toEqual(officers.slice(0, 5));
    const afternoon = access('2026-11-20T15:00', { actor: 'newcomer', account: 'lina' });
    const quiet = judge(firstTimeAsset, [afternoon], { registry, baseline }).signals;
    const inTwoWeeks = judge(firstTimeAsset, [{ ...afternoon, time: afternoon.time + 14 * 86_400_000 }], {
      ...{ registry, baseline },
    }).signals;
    expect([quiet.length, inTwoWeeks.length]).toEqual([0, 1]);
  });

  it('learns during the warm-up', () => {
    let spanDays = 5;
    const baseline = { ...NO_BASELINE, observedDays: () => ({ days: 30, spanDays }) };
    const events = [access('2026-11-01T12:00'), access('2026-11-20T12:00')];
    const young = judge(firstTimeAsset, events, { registry, baseline });
    spanDays = 60;
    expect(young.signals).toEqual([]);
    expect(judge(firstTimeAsset, events, { registry, baseline }).signals).toHaveLength(1);
  });

  it('leaves refused access and assets without a level out', () => {
    expect(signalsOf([access(NOON, { outcome: 'failure' })])).toEqual([]);
    expect(signalsOf([access(NOON, { asset: 'tmp_4711', assetLevel: '', rows: 5000 })])).toEqual([]);
  });

  it('weighs sensitive core data and vendors', () => {
    expect(signalsOf([access(NOON, { asset: 'population', assetLevel: 'core' })])[0]!.score).toBe(96);
    expect(signalsOf([access(NOON, { vendor: 'yunzhan' })])[0]!.score).toBe(76.8);
  });

  it('counts an event that comes twice once', () => {
    const one = access(NOON, notice(1, { rows: 60 }));
    expect(signalsOf([one, one])).toEqual([]);
  });

  it('comes to the same findings in reverse order within the allowed lateness', () => {
    const options = { registry, baseline: watched };
    const events = [1, 2, 3, 4, 5].map((n) => access(later(NOON, n * 60), notice(n, { rows: 150 })));
    const inOrder = settled(firstTimeAsset, events, options);
    expect(inOrder).toHaveLength(6);
    expect(settled(firstTimeAsset, [...events].reverse(), options)).toEqual(inOrder);
  });

  it('remembers a bounded number of assets', () => {
    const context = { settings: firstTimeAsset.settings.parse({}), registry, baseline: NO_BASELINE };
    const state = firstTimeAsset.start(access(NOON));
    for (let i = 0; i < 4500; i++)
      firstTimeAsset.step(state, access(later(NOON, i), { asset: `set-${i}`, assetLevel: 'general-1' }), context);
    expect(Object.keys(state.seen).length).toBeLessThanOrEqual(4096);
  });

  it('stays quiet about an asset that a grant gives to the person, while it is in force', () => {
    const first = (person: string, iso = NOON) => [access(iso, { person })];
    const granted = sharingTown([grant({ recipientKind: 'person', recipient: 'p-chen', to: '2026-12-31' })]);
    expect(signalsOf(first('p-chen'), { registry: granted })).toEqual([]);
    expect(signalsOf(first('p-wang'), { registry: granted })).toHaveLength(1);
    expect(signalsOf(first('p-chen', '2027-01-01T09:00'), { registry: granted })).toHaveLength(1);
    const ofDepartment = sharingTown([grant({ to: '2026-12-31' })]);
    expect(signalsOf(first('p-chen'), { registry: ofDepartment })).toHaveLength(1);
  });

  it('stays quiet about an asset that an open work order names with the consent of its owner', () => {
    const under = (fields: Partial<Orders[number]>) =>
      signalsOf([act('2026-11-20T15:00', { action: 'query', asset: 'recipients', assetLevel: 'important', rows: 5 })], {
        registry: vendorTown({ 'work-orders': [order(fields)] }),
      });
    expect(under({ assets: ['recipients'], ownerConsent: true })).toEqual([]);
    expect(under({ assets: ['recipients'] })).toHaveLength(1);
    expect(under({ ownerConsent: true })).toHaveLength(1);
  });

  it('gives the same ids when the same events are judged again', () => {
    const events = [access(NOON), access(later(NOON, 60), notice(1, { rows: 300 }))];
    const options = { registry, baseline: watched };
    expect(judge(firstTimeAsset, events, options)).toEqual(judge(firstTimeAsset, events, options));
  });
});
