import { describe, expect, it } from 'vitest';
import { catalogueFilter, catalogueQuery, isWanted } from '../../dashboards/src/detectors/catalogue-filter.ts';
import { falseShareOf } from '../../dashboards/src/detectors/dispositions.ts';
import {
  changedSettings,
  faultOf,
  inherited,
  read,
  unitOf,
  written,
} from '../../dashboards/src/detectors/setting-values.ts';
import { SETTINGS_ZH } from '../../dashboards/src/detectors/settings-zh.ts';
import { detectors } from '../../detectors/index.ts';
import { cardsOf } from '../../src/detection/cards.ts';
import type { NumberedVersion } from '../../src/settings-desk.ts';

const cards = cardsOf(detectors, { 'bulk-read': { zAtLeast: 5 } });
const bulkRead = cards.find(({ name }) => name === 'bulk-read')!;
const settingOf = (detector: string, name: string) =>
  cards.find((card) => card.name === detector)!.settings.find((setting) => setting.name === name)!;

function version(changes: Partial<NumberedVersion>): NumberedVersion {
  return {
    ...{
      id: 'v',
      version: 1,
      detector: 'bulk-read',
      scope: {},
      settings: {},
      effectiveFrom: 0,
      by: '',
      at: 0,
      why: '',
    },
    ...changes,
  };
}

describe('settings on the page', () => {
  it('are described in Chinese, all of them, and nothing that is none', () => {
    for (const { name, settings } of cards)
      for (const setting of settings) {
        const text = SETTINGS_ZH[name]?.[setting.name] ?? SETTINGS_ZH['*']![setting.name] ?? '';
        expect([name, setting.name, text]).toEqual([name, setting.name, expect.stringMatching(/\p{Script=Han}/u)]);
      }
    const known = new Map(cards.map(({ name, settings }) => [name, new Set(settings.map((one) => one.name))]));
    const unknown = Object.entries(SETTINGS_ZH).flatMap(([detector, texts]) =>
      Object.keys(texts).filter((name) =>
        detector === '*' ? ![...known.values()].some((names) => names.has(name)) : !known.get(detector)?.has(name),
      ),
    );
    expect(unknown).toEqual([]);
  });

  it('have a unit that people read, and are written and read as they are', () => {
    const units = [['brute-force', 'windowMs'], ['dormant-account', 'idleDays'], ['bulk-read', 'rowsAtLeast']] as const; // prettier-ignore
    expect(units.map(([detector, name]) => unitOf(settingOf(detector, name)))).toEqual(['ms', 'days', 'rows']);
    expect(unitOf(settingOf('denial-probing', 'shareAtLeast'))).toBe('share');
    expect(unitOf(settingOf('impossible-travel', 'speedAbove'))).toBe('');
    const roles = settingOf('bulk-read', 'machineRoles');
    expect(read(roles, written(['service', 'robot']))).toEqual(['service', 'robot']);
    expect(read(roles, 'service，robot、')).toEqual(['service', 'robot']);
    expect(read(settingOf('bulk-read', 'zAtLeast'), ' 4.5 ')).toBe(4.5);
  });

  it('that are refused say which limit they are beyond', () => {
    const failures = settingOf('brute-force', 'failuresAtLeast');
    expect(faultOf(failures, read(failures, 'ten'))).toEqual({ name: 'number' });
    expect(faultOf(failures, 1)).toEqual({ name: 'least', limit: 2 });
    expect(faultOf(failures, 2.5)).toEqual({ name: 'integer' });
    expect(faultOf(settingOf('brute-force', 'successBase'), 101)).toEqual({ name: 'most', limit: 100 });
    expect([faultOf(failures, 2), faultOf(settingOf('bulk-read', 'machineRoles'), ['x'])]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('are inherited from the configuration and from wider scopes, not from others', () => {
    const inForce = [
      version({ settings: { rowsAtLeast: 2_000 } }),
      version({ scope: { department: 'tax' }, settings: { rowsAtLeast: 3_000, base: 50 } }),
      version({ scope: { department: 'tax', vendor: 'qm' }, settings: { base: 60 } }),
    ];
    const of = (scope: object) => inherited(bulkRead.settings, inForce, scope);
    expect(of({})).toMatchObject({ rowsAtLeast: 1_000, zAtLeast: 5, base: 45 });
    expect(of({ department: 'aid' })).toMatchObject({ rowsAtLeast: 2_000, base: 45 });
    expect(of({ department: 'tax', vendor: 'qm' })).toMatchObject({ rowsAtLeast: 3_000, base: 50 });
    expect(changedSettings(bulkRead.settings, inForce)).toEqual(['zAtLeast', 'rowsAtLeast', 'base']);
  });
});

describe('the catalogue of detectors', () => {
  it('is narrowed by what the address says, and back', () => {
    const filter = catalogueFilter(new URLSearchParams('q=口令&family=identity&technique=T1110.001&settings=changed'));
    expect(filter).toEqual({ text: '口令', family: 'identity', technique: 'T1110.001', law: '', changed: true });
    expect(catalogueFilter(new URLSearchParams(catalogueQuery(filter)))).toEqual(filter);
    expect(catalogueFilter(new URLSearchParams('family=planets')).family).toBe('');
    const named = cards.filter((card) => isWanted(card, filter, true)).map(({ name }) => name);
    expect(named).toEqual(['brute-force']);
    expect(cards.filter((card) => isWanted(card, filter, false))).toEqual([]);
    const byLaw = { text: '', family: '', technique: '', law: '数据安全法', changed: false } as const;
    expect(cards.filter((card) => isWanted(card, byLaw, false)).length).toBeGreaterThan(5);
  });

  it('counts as false what was closed as a false positive, duplicates left out', () => {
    const use = { detector: 'x', lastDay: 0, lastMonth: 9, bySeverity: {} };
    expect(falseShareOf({ ...use, closed: {} })).toBeUndefined();
    expect(falseShareOf({ ...use, closed: { duplicate: 4 } })).toBeUndefined();
    const closed = { 'false-positive': 1, 'true-positive': 2, benign: 1, duplicate: 4 };
    expect(falseShareOf({ ...use, closed })).toEqual({ wrong: 1, all: 4, share: 0.25 });
  });
});
