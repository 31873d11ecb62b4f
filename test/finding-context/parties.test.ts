import { describe, expect, it } from 'vitest';
import { partiesOf, spansOf } from '../../src/finding-context/parties.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { RegistryView } from '../../src/profile/registry-view.ts';
import { registryFrom } from '../../src/registry/registry-from.ts';
import type { RegistryInput } from '../../src/registry/schema.ts';
import { aFinding } from '../store/a-finding.ts';

const AT = Date.parse('2026-11-24T15:00+08:00');
const registry = registryFrom({
  departments: [
    { id: 'aid', name: { zh: '民政局', en: 'Civil Affairs' } },
    { id: 'section', name: 'Section', parent: 'aid' },
    { id: 'tax', name: 'Tax' },
    { id: 'hotline', name: 'Hotline' },
  ],
  vendors: [{ id: 'qiming', name: 'Qiming', contacts: ['王经理 010-55550100'] }],
  systems: [{ id: 'aid-db', name: 'Aid', department: 'aid', runBy: 'qiming' }],
  assets: [
    { id: 'families', name: 'Families', names: ['aid.families'], level: 'core', system: 'aid-db', owner: 'aid' },
    { id: 'weather', name: 'Weather', names: [], level: 'general-1', owner: 'aid', sharing: 'unconditional' },
  ],
  grants: [
    { id: 'g-old', asset: 'families', recipient: 'tax', from: '2025-01-01', to: '2025-12-31' },
    { id: 'g-now', asset: 'families', recipient: 'hotline', from: '2026-02-01' },
  ],
  contracts: [
    {
      id: 'c-1',
      vendor: 'qiming',
      systems: ['aid-db'],
      from: '2026-01-01',
      to: '2026-11-01',
      roster: [{ person: 'p-1' }],
    },
  ],
  'work-orders': [
    { id: 'w-1', contract: 'c-1', systems: ['aid-db'], from: '2026-10-31T09:00+08:00', to: '2026-10-31T18:00+08:00' },
    { id: 'w-old', contract: 'c-1', systems: ['aid-db'], from: '2026-03-01T09:00+08:00', to: '2026-03-01T18:00+08:00' },
  ],
} as unknown as RegistryInput);
const view = new RegistryView({ current: () => registry, history: { all: () => [], latest: () => undefined } }, AT);
const about = (changes: Partial<Finding>) =>
  aFinding({ asset: 'families', person: '', vendor: '', system: 'aid-db', lastTime: AT, ...changes });

describe('the right to use an asset', () => {
  it.each([
    ['section', 'families', 'own'],
    ['hotline', 'families', 'granted'],
    ['tax', 'families', 'over'],
    ['', 'families', 'none'],
    ['tax', 'weather', 'free'],
    ['tax', 'nowhere', 'unknown'],
    ['tax', '', 'no-asset'],
  ])('of somebody of "%s" on "%s" is: %s', (department, asset, right) => {
    expect(partiesOf(about({ department, asset }), view).right).toBe(right);
  });

  it('names the grants that are for the actor, and counts those that are not', () => {
    const parties = partiesOf(about({ department: 'tax', asset: 'aid.families' }), view);
    expect(parties.grants.map(({ id, state }) => [id, state])).toEqual([['g-old', 'over']]);
    expect(parties).toMatchObject({ otherGrants: 1, asset: { owner: { name: { zh: '民政局' } } } });
  });
});

describe('the time line of a vendor', () => {
  it('has the contract, the assignment and the work orders of the weeks around', () => {
    const spans = spansOf(about({ vendor: 'qiming', person: 'p-1', department: '' }), view);
    expect(spans.map(({ kind, id }) => [kind, id])).toEqual([
      ['contract', 'c-1'],
      ['assignment', 'c-1'],
      ['work-order', 'w-1'],
    ]);
    expect(partiesOf(about({ vendor: 'qiming' }), view).vendor?.contacts).toEqual(['王经理 010-55550100']);
  });

  it('names nobody who is not on the roster', () => {
    const spans = spansOf(about({ vendor: 'qiming', person: 'p-9', department: '' }), view);
    expect(spans.map(({ kind }) => kind)).toEqual(['contract', 'work-order']);
  });
});
