import type { IncidentStep } from '../../../src/finding/incident.ts';

export const NODE_KINDS = ['address', 'vendor', 'actor', 'asset', 'system'] as const;
export type NodeKind = (typeof NODE_KINDS)[number];

export interface GraphNode {
  /** Kind and id. */
  key: string;
  kind: NodeKind;
  id: string;
  x: number;
  y: number;
}

export interface GraphEdge {
  key: string;
  from: GraphNode;
  to: GraphNode;
  /** SVG path. */
  path: string;
  /** Places of the steps that make it, from 0. */
  steps: readonly number[];
  labelX: number;
  labelY: number;
}

export interface GraphLayout {
  width: number;
  height: number;
  nodes: readonly GraphNode[];
  edges: readonly GraphEdge[];
  notDrawn: number;
}

export const NODE_SIZE = { width: 168, height: 40 } as const;
const COLUMN_WIDTH = 256;
const ROW_HEIGHT = 56;
const MARGIN = 8;
const MOST_DRAWN = 40;
/** From where to what: origins, who acts, on what. */
const COLUMN_OF: Readonly<Record<NodeKind, number>> = { address: 0, vendor: 0, actor: 1, asset: 2, system: 2 };

/** Columns of who, by what and on what; nodes in the order of the steps. The same steps make the same picture. */
export function graphOf(steps: readonly IncidentStep[]): GraphLayout {
  const named = new Map<string, { kind: NodeKind; id: string }>();
  const links = new Map<string, { from: string; to: string; steps: number[] }>();
  steps.forEach((step, place) => {
    const chains = chainsOf(step);
    for (const node of chains.flat().filter((one) => one !== undefined)) named.set(keyOf(node), node);
    for (const [from, to] of chains) {
      if (from === undefined || to === undefined) continue;
      const key = `${keyOf(from)} ${keyOf(to)}`;
      const known = links.get(key);
      if (known === undefined) links.set(key, { from: keyOf(from), to: keyOf(to), steps: [place] });
      else if (known.steps.at(-1) !== place) known.steps.push(place);
    }
  });
  const drawn = [...named].slice(0, MOST_DRAWN);
  const columns = [...new Set(drawn.map(([, { kind }]) => COLUMN_OF[kind]))].sort();
  const heights = columns.map((column) => drawn.filter(([, { kind }]) => COLUMN_OF[kind] === column).length);
  const tallest = Math.max(1, ...heights);
  const nodes = columns.flatMap((column, place) =>
    drawn
      .filter(([, { kind }]) => COLUMN_OF[kind] === column)
      .map(([key, { kind, id }], row): GraphNode => {
        const top = ((tallest - heights[place]!) * ROW_HEIGHT) / 2;
        return { key, kind, id, x: MARGIN + place * COLUMN_WIDTH, y: MARGIN + top + row * ROW_HEIGHT };
      }),
  );
  const at = new Map(nodes.map((node) => [node.key, node]));
  return {
    width: 2 * MARGIN + Math.max(0, columns.length - 1) * COLUMN_WIDTH + NODE_SIZE.width,
    height: 2 * MARGIN + tallest * ROW_HEIGHT - (ROW_HEIGHT - NODE_SIZE.height),
    nodes,
    edges: [...links].flatMap(([key, link]) => edgeOf(key, link.steps, at.get(link.from), at.get(link.to))),
    notDrawn: named.size - drawn.length,
  };
}

type Named = { kind: NodeKind; id: string };

/** Pairs of who acts through or on whom; one alone where a step names only one. */
function chainsOf(step: IncidentStep): (readonly [Named, Named?])[] {
  const node = (kind: NodeKind, id: string): Named | undefined => (id === '' ? undefined : { kind, id });
  const origins = [node('vendor', step.vendor), node('address', step.clientAddress)].filter((one) => one !== undefined);
  const actor = node('actor', step.actor);
  const object = node('asset', step.asset) ?? node('system', step.system);
  const middle = actor ?? object;
  if (middle === undefined) return origins.map((origin) => [origin]);
  const pairs: (readonly [Named, Named?])[] = origins.map((origin) => [origin, middle]);
  if (actor !== undefined && object !== undefined) pairs.push([actor, object]);
  return pairs.length === 0 ? [[middle]] : pairs;
}

function keyOf({ kind, id }: Named): string {
  return `${kind} ${id}`;
}

function edgeOf(
  key: string,
  steps: readonly number[],
  from: GraphNode | undefined,
  to: GraphNode | undefined,
): GraphEdge[] {
  if (from === undefined || to === undefined) return [];
  const [x1, x2] = [from.x + NODE_SIZE.width, to.x];
  const [y1, y2] = [from.y + NODE_SIZE.height / 2, to.y + NODE_SIZE.height / 2];
  const bend = (x2 - x1) / 2;
  const path = `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
  return [{ key, from, to, path, steps, labelX: (x1 + x2) / 2, labelY: (y1 + y2) / 2 }];
}
