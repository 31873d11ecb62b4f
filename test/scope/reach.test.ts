import { describe, expect, it } from 'vitest';
import { registryFrom } from '../../src/registry/registry-from.ts';
import { Reach, type Placed } from '../../src/scope/reach.ts';

const NOW = Date.parse('2026-11-18T08:00:00+08:00');
const registry = registryFrom({
  departments: [
    { id: 'civil', name: '民政局' },
    { id: 'aid', name: '救助处', parent: 'civil' },
    { id: 'archive', name: '档案室', parent: 'aid' },
    { id: 'tax', name: '税务局' },
  ],
  vendors: [{ id: 'qiming', name: '启明' }],
  systems: [
    { id: 'aid-system', name: '救助系统', department: 'aid', runBy: 'qiming' },
    { id: 'exchange', name: '共享交换平台', department: 'tax' },
  ],
  assets: [
    { id: 'families', name: '低保家庭', system: 'exchange', owner: 'civil', level: 'core' },
    { id: 'requests', name: '申请', system: 'aid-system', owner: 'tax', level: 'general-2' },
    { id: 'taxpayers', name: '纳税人', system: 'exchange', owner: 'tax', level: 'core' },
  ],
  sources: [{ id: 'aid-db', system: 'aid-system' }],
});
const civil = new Reach({ departments: ['civil'], vendors: [] }, registry, NOW);
const qiming = new Reach({ departments: [], vendors: ['qiming'] }, registry, NOW);
const nothing = new Reach({ departments: [], vendors: [] }, registry, NOW);
const thing = (is: Partial<Placed>): Placed => ({
  department: '',
  vendor: '',
  system: '',
  asset: '',
  source: '',
  ...is,
});

describe('the reach of a department', () => {
  it('has what its people did, and those of all departments below it', () => {
    for (const department of ['civil', 'aid', 'archive']) expect(civil.sees(thing({ department }))).toBe(true);
    expect(civil.sees(thing({ department: 'tax' }))).toBe(false);
  });

  it('has what was done to its systems, sources and assets, also to an asset in the system of another', () => {
    const own = [{ system: 'aid-system' }, { source: 'aid-db' }, { asset: 'families' }, { asset: 'requests' }];
    for (const is of own) expect(civil.sees(thing({ department: 'tax', ...is }))).toBe(true);
    expect(civil.sees(thing({ system: 'exchange' }))).toBe(false);
    expect(civil.sees(thing({ asset: 'taxpayers' }))).toBe(false);
  });

  it('does not have what is said to be of nobody', () => {
    expect(civil.sees(thing({}))).toBe(false);
  });

  it('has an incident only while all of it is of the department', () => {
    const [own, other] = [thing({ department: 'aid' }), thing({ department: 'tax' })];
    expect(civil.seesIncident({ steps: [own, own] })).toBe(true);
    expect(civil.seesIncident({ steps: [own, other] })).toBe(false);
    expect(civil.seesIncident({ steps: [] })).toBe(false);
  });

  it('has its scores, never that of the platform, of a level or of the vendor that runs its system', () => {
    expect([civil.seesScore('department', 'archive'), civil.seesScore('system', 'aid-system')]).toEqual([true, true]);
    const others = [['overall', ''], ['level', 'core'], ['vendor', 'qiming'], ['department', 'tax']] as const; // prettier-ignore
    for (const [kind, id] of others) expect(civil.seesScore(kind, id)).toBe(false);
  });

  it('goes with the registry: a department that is moved is of another one from then on', () => {
    const moved = registryFrom({
      departments: [
        { id: 'civil', name: '民政局' },
        { id: 'aid', name: '救助处', parent: 'civil', validTo: '2026-06-30' },
        { id: 'aid', name: '救助处', parent: 'tax', validFrom: '2026-07-01' },
        { id: 'tax', name: '税务局' },
      ],
    });
    const now = new Reach({ departments: ['civil'], vendors: [] }, moved, NOW);
    const before = new Reach({ departments: ['civil'], vendors: [] }, moved, Date.parse('2026-03-01'));
    expect([now.sees(thing({ department: 'aid' })), before.sees(thing({ department: 'aid' }))]).toEqual([false, true]);
    expect(now.key).not.toBe(before.key);
  });
});

describe('the reach of a vendor', () => {
  it('has what its people did, and nothing else of the systems that it runs', () => {
    expect(qiming.sees(thing({ vendor: 'qiming', system: 'exchange' }))).toBe(true);
    expect(qiming.sees(thing({ system: 'aid-system', department: 'aid' }))).toBe(false);
    expect([qiming.seesScore('vendor', 'qiming'), qiming.seesScore('system', 'aid-system')]).toEqual([true, false]);
  });
});

describe('an empty scope', () => {
  it('reaches nothing', () => {
    expect(nothing.sees(thing({ department: 'civil', vendor: 'qiming', system: 'aid-system' }))).toBe(false);
  });
});
