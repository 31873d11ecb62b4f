import { describe, expect, it } from 'vitest';
import { diffusionOf } from '../../../src/detection/diffusion/graph.ts';
import type { Passing } from '../../../src/detection/diffusion/edge.ts';
import { registryFrom } from '../../../src/registry/registry-from.ts';

const NOW = Date.parse('2026-11-20T02:00:00Z');
const DAY = 86_400_000;

const grant = (id: string, recipient: string, dates: object = {}) => ({
  id,
  asset: 'families',
  recipient,
  approver: 'aid',
  approvalNumber: id,
  purpose: 'allowances',
  from: '2026-01-01',
  ...dates,
});

const registry = registryFrom({
  departments: ['aid', 'tax', 'health', 'police'].map((id) => ({ id, name: id })),
  vendors: [{ id: 'qm', name: 'qm' }],
  systems: [{ id: 'health-platform', name: 'h', department: 'health', hosts: ['h-db'] }],
  assets: [
    { id: 'families', name: 'families', level: 'important', owner: 'aid' },
    { id: 'summary', name: 'summary', level: 'important', owner: 'aid', derivedFrom: ['families'] },
  ],
  grants: [grant('g1', 'tax'), grant('g2', 'police', { to: '2026-06-30' })],
});

function passing(department: string, recipient: string, day = 0, changes: Partial<Passing> = {}): Passing {
  const time = NOW - 60 * DAY + day * DAY;
  return {
    ...{ asset: 'families', department, vendor: '', system: '', recipient, first: time, last: time },
    ...{ events: 1, rows: 100, mostRows: 100, actions: ['share'], fields: [], eventIds: [`${department}-${day}`] },
    ...changes,
  };
}

const graphOf = (passings: Passing[], others: Passing[] = [], asOf = NOW) =>
  diffusionOf('families', asOf, passings, others, registry);

describe('the diffusion of an asset', () => {
  it('counts hops from its owner and joins what one party passed on to another', () => {
    const { nodes, edges } = graphOf([
      passing('aid', 'tax', 0),
      passing('aid', 'tax', 9, { rows: 50, actions: ['export'] }),
      passing('tax', 'health', 3),
      passing('police', 'strangers.example', 5),
    ]);
    expect(nodes.map(({ id, hops }) => [id, hops])).toEqual([
      ['department:aid', 0],
      ['department:health', 2],
      ['department:police', -1],
      ['department:tax', 1],
      ['external:strangers.example', -1],
    ]);
    expect(edges[0]).toMatchObject({ from: 'department:aid', to: 'department:tax', events: 2, rows: 150, hops: 1 });
    expect(edges[0]).toMatchObject({ actions: ['export', 'share'], first: NOW - 60 * DAY, last: NOW - 51 * DAY });
    expect(edges[1]).toMatchObject({ to: 'department:health', hops: 2, outside: true });
  });

  it('says who is outside of the boundary of owner and grants, with the way that it took', () => {
    const diffusion = graphOf([passing('aid', 'tax'), passing('tax', 'h-db', 3), passing('aid', 'evil.example', 4)]);
    expect(diffusion.nodes.filter(({ outside }) => outside).map(({ id }) => id)).toEqual([
      'external:evil.example',
      'system:health-platform',
    ]);
    expect(diffusion.paths).toEqual({
      'external:evil.example': ['department:aid', 'external:evil.example'],
      'system:health-platform': ['department:aid', 'department:tax', 'system:health-platform'],
    });
  });

  it('takes the grants as they were at the time that is asked about', () => {
    const outside = (asOf: number) => graphOf([passing('aid', 'police')], [], asOf).edges[0]!.outside;
    expect(outside(Date.parse('2026-06-01T00:00:00Z'))).toBe(false);
    expect(outside(Date.parse('2026-07-02T00:00:00Z'))).toBe(true);
  });

  it('does not end in a circle of passings', () => {
    const { nodes } = graphOf([passing('aid', 'tax'), passing('tax', 'aid', 1), passing('tax', 'health', 2)]);
    expect(nodes.find(({ name }) => name === 'health')!.hops).toBe(2);
  });
});

describe('onward sharing', () => {
  it('is a recipient passing on, within 30 days, to one outside of the grants, by lineage', () => {
    const onward = (day: number, recipient: string, asset = 'summary') =>
      graphOf([passing('aid', 'tax', 1), passing('tax', recipient, day, { asset })]).onward;
    expect(onward(31, 'health')).toMatchObject([
      {
        ...{ from: 'department:aid', via: 'department:tax', to: 'department:health' },
        ...{ asset: 'families', passedAsset: 'summary', by: 'lineage', confidence: 0.95 },
      },
    ]);
    expect(onward(31.1, 'health')).toEqual([]);
    expect(onward(0.9, 'health')).toEqual([]);
    expect(onward(10, 'aid')).toEqual([]);
  });

  it('is recognized by alike columns and rows where no lineage is known, with less confidence', () => {
    const fields = ['name', 'id_card', 'phone', 'address', 'income'];
    const got = passing('aid', 'tax', 1, { fields, mostRows: 1_000 });
    const onward = (changes: Partial<Passing>) =>
      graphOf([got], [passing('tax', 'health', 5, { asset: 'list_v2', fields, mostRows: 1_000, ...changes })]).onward;
    expect(onward({})).toMatchObject([{ by: 'fingerprint', confidence: 0.6, passedAsset: 'list_v2' }]);
    expect(onward({ fields: fields.slice(1) })).toHaveLength(1); // 4 of 5
    expect(onward({ fields: fields.slice(2) })).toEqual([]); // 3 of 5
    expect(onward({ mostRows: 800 })).toHaveLength(1);
    expect(onward({ mostRows: 799 })).toEqual([]);
    expect(onward({ fields: [] })).toEqual([]);
  });
});
