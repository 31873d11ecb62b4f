import { describe, expect, it } from 'vitest';
import type { DiffusionNode } from '../../src/detection/diffusion/graph.ts';
import { layoutOf, NODE } from '../../dashboards/src/profiles/diffusion-layout.ts';
import { shortName } from '../../dashboards/src/profiles/short-name.ts';

describe('a name within a sentence', () => {
  it('is cut, and does not turn the direction of what follows', () => {
    expect(shortName('a\u202eb')).toBe('\u2068a\u202eb\u2069');
    expect(Array.from(shortName('长'.repeat(10_000)))).toHaveLength(43);
  });
});

describe('the picture of a diffusion', () => {
  const node = (id: string, hops: number, outside = false): DiffusionNode => ({
    ...{ id, hops, outside, kind: 'department', name: id, department: id },
  });
  const edge = (from: string, to: string) => ({
    ...{
      from,
      to,
      assets: [],
      first: 0,
      last: 0,
      events: 1,
      rows: 1,
      actions: [],
      hops: 1,
      outside: false,
      eventIds: [],
    },
  });

  it('has a column a hop, those without a path last, and everybody outside below the boundary', () => {
    const nodes = [node('x', -1, true), node('b', 1), node('o', 0), node('c', 1, true), node('d', 2, true)];
    const { columns, nodes: placed, boundaryY, height } = layoutOf(nodes, [edge('o', 'b'), edge('x', 'gone')]);
    expect(columns.map(({ hops }) => hops)).toEqual([0, 1, 2, -1]);
    for (const { outside, y } of placed) expect(outside).toBe(y > boundaryY);
    for (const { y } of placed) expect(y + NODE.height).toBeLessThanOrEqual(height);
    expect(new Set(placed.map(({ x, y }) => `${x} ${y}`)).size).toBe(5);
  });

  it('has no boundary when nobody is outside', () => {
    expect(layoutOf([node('o', 0), node('b', 1)], []).boundaryY).toBe(0);
  });

  it('draws those nearest to the owner when there are too many, and says how many it leaves out', () => {
    const many = Array.from({ length: 100 }, (_, n) => node(`n${n}`, 2, true));
    const { nodes, notDrawn } = layoutOf([...many, node('o', 0), node('b', 1)], []);
    expect([nodes.length, notDrawn]).toEqual([60, 42]);
    expect(nodes.map(({ id }) => id)).toEqual(expect.arrayContaining(['o', 'b']));
  });
});
