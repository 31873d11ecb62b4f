import type { DiffusionEdge, DiffusionNode } from '../../../src/detection/diffusion/graph.ts';

export interface PlacedNode extends DiffusionNode {
  x: number;
  y: number;
}

export interface PlacedEdge extends DiffusionEdge {
  /** SVG path. */
  path: string;
  labelX: number;
  labelY: number;
}

export interface Column {
  /** -1 for those to whom no path is known. */
  hops: number;
  x: number;
}

export interface Layout {
  width: number;
  height: number;
  nodes: readonly PlacedNode[];
  edges: readonly PlacedEdge[];
  columns: readonly Column[];
  /** Height of the line between inside and outside; 0 when nothing is outside. */
  boundaryY: number;
  notDrawn: number;
}

export const NODE = { width: 168, height: 40 } as const;
const COLUMN_WIDTH = 264;
const ROW_HEIGHT = 56;
const MARGIN = 16;
const HEAD = 32;
const BOUNDARY = 32;
const MOST_DRAWN = 60;

/** A column a hop, what is inside of the boundary above, what is outside below the line; the same graph is the same picture. */
export function layoutOf(allNodes: readonly DiffusionNode[], allEdges: readonly DiffusionEdge[]): Layout {
  const byHops = [...allNodes].sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
  const drawn = byHops.slice(0, MOST_DRAWN);
  const columns = [...new Set(drawn.map(rank))].map((hops, place) => ({
    hops: hops === Infinity ? -1 : hops,
    x: MARGIN + place * COLUMN_WIDTH,
  }));
  const bands = [false, true].map((outside) => drawn.filter((node) => node.outside === outside));
  const [inside, outside] = bands.map((band) => tallest(band));
  const boundaryY = outside === 0 ? 0 : HEAD + inside! * ROW_HEIGHT + BOUNDARY / 2;
  const nodes = bands.flatMap((band, below) => {
    const top = below === 0 ? HEAD : HEAD + inside! * ROW_HEIGHT + BOUNDARY;
    return columns.flatMap(({ hops, x }) =>
      band.filter((node) => node.hops === hops).map((node, row) => ({ ...node, x, y: top + row * ROW_HEIGHT + 8 })),
    );
  });
  const places = new Map(nodes.map((node) => [node.id, node]));
  return {
    width: 2 * MARGIN + (columns.length - 1) * COLUMN_WIDTH + NODE.width,
    height: HEAD + (inside! + outside!) * ROW_HEIGHT + (outside === 0 ? 0 : BOUNDARY),
    nodes,
    edges: allEdges.flatMap((edge) => placed(edge, places.get(edge.from), places.get(edge.to))),
    columns,
    boundaryY,
    notDrawn: allNodes.length - drawn.length,
  };
}

function rank({ hops }: DiffusionNode): number {
  return hops < 0 ? Infinity : hops;
}

/** Nodes in the fullest column. */
function tallest(nodes: readonly DiffusionNode[]): number {
  const columns = new Map<number, number>();
  for (const { hops } of nodes) columns.set(hops, (columns.get(hops) ?? 0) + 1);
  return Math.max(0, ...columns.values());
}

function placed(edge: DiffusionEdge, from: PlacedNode | undefined, to: PlacedNode | undefined): PlacedEdge[] {
  if (from === undefined || to === undefined) return [];
  const [y1, y2] = [from.y + NODE.height / 2, to.y + NODE.height / 2];
  if (to.x > from.x) {
    const [x1, x2] = [from.x + NODE.width, to.x];
    const bend = Math.min(64, (x2 - x1) / 2);
    const path = `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2 - 6} ${y2}`;
    return [{ ...edge, path, labelX: x2 - 12, labelY: y2 - 6 }];
  }
  // Back, or within a column: around the right of both.
  const x = Math.max(from.x, to.x) + NODE.width;
  const path = `M${from.x + NODE.width} ${y1} C${x + 48} ${y1} ${x + 48} ${y2} ${to.x + NODE.width + 6} ${y2}`;
  return [{ ...edge, path, labelX: x + 44, labelY: (y1 + y2) / 2 }];
}
