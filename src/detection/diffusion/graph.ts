import { DirectedGraph } from 'graphology';
import { bidirectional } from 'graphology-shortest-path/unweighted.js';
import type { Registry } from '../../registry/registry.ts';
import { boundaryOf, isInside, type Boundary } from './boundary.ts';
import { party, recipientOf, senderOf, type Party, type Passing } from './edge.ts';
import { onwardSharings, type OnwardSharing } from './onward.ts';

export interface DiffusionNode extends Party {
  /** Passings between the owner and it; 0 for the owner, -1 when no path from the owner is known. */
  hops: number;
  outside: boolean;
}

export interface DiffusionEdge {
  from: string;
  to: string;
  /** The asset itself, and what is derived from it. */
  assets: readonly string[];
  /** Event times, ms. */
  first: number;
  last: number;
  events: number;
  rows: number;
  actions: readonly string[];
  /** Hops of its recipient by this edge; -1 when its sender is on no known path. */
  hops: number;
  outside: boolean;
  eventIds: readonly string[];
}

/** Where an asset, and what is derived from it, has gone up to a time. */
export interface Diffusion {
  asset: string;
  /** ms since the Unix epoch. */
  asOf: number;
  owner: string;
  granted: readonly string[];
  nodes: readonly DiffusionNode[];
  edges: readonly DiffusionEdge[];
  onward: readonly OnwardSharing[];
  /** Shortest path from the owner to each node outside of the boundary, as node ids. */
  paths: Readonly<Record<string, readonly string[]>>;
}

type Graph = DirectedGraph<DiffusionNode, Omit<DiffusionEdge, 'from' | 'to'>>;

/**
 * @param passings of the asset and of what is derived from it.
 * @param others passings by its recipients of assets that are not known to be derived: they may be the same under another
 * name.
 */
export function diffusionOf(
  asset: string,
  asOf: number,
  passings: readonly Passing[],
  others: readonly Passing[],
  registry: Registry,
): Diffusion {
  const boundary = boundaryOf(asset, asOf, registry);
  const graph: Graph = new DirectedGraph();
  const owner = party('department', boundary.owner, boundary.owner);
  addNode(graph, owner, boundary);
  for (const passing of passings) addPassing(graph, passing, boundary, registry, asOf);
  countHops(graph, owner.id);
  const edges = graph.mapEdges((_, attributes, from, to) => ({ from, to, ...attributes }));
  const nodes = graph.mapNodes((_, attributes) => attributes);
  return {
    asset,
    asOf,
    owner: boundary.owner,
    granted: [...boundary.granted].sort(),
    nodes: nodes.sort((a, b) => (a.id < b.id ? -1 : 1)),
    edges: edges.sort((a, b) => a.first - b.first || (a.to < b.to ? -1 : 1)),
    onward: onwardSharings(passings, others, boundary, registry, asOf),
    paths: pathsOutside(graph, owner.id),
  };
}

function addNode(graph: Graph, one: Party, boundary: Boundary): void {
  if (!graph.hasNode(one.id)) graph.addNode(one.id, { ...one, hops: -1, outside: !isInside(boundary, one) });
}

function addPassing(graph: Graph, passing: Passing, boundary: Boundary, registry: Registry, at: number): void {
  const from = senderOf(passing, registry, at);
  const to = recipientOf(passing.recipient, registry, at);
  if (from.id === to.id) return;
  addNode(graph, from, boundary);
  addNode(graph, to, boundary);
  const known = graph.hasEdge(from.id, to.id) ? graph.getEdgeAttributes(from.id, to.id) : undefined;
  graph.mergeEdge(from.id, to.id, {
    assets: merged(known?.assets, [passing.asset]),
    first: Math.min(known?.first ?? Infinity, passing.first),
    last: Math.max(known?.last ?? -Infinity, passing.last),
    events: (known?.events ?? 0) + passing.events,
    rows: (known?.rows ?? 0) + passing.rows,
    actions: merged(known?.actions, passing.actions),
    hops: -1,
    outside: !isInside(boundary, to),
    eventIds: merged(known?.eventIds, passing.eventIds).slice(0, 5),
  });
}

function merged(known: readonly string[] = [], added: readonly string[]): string[] {
  return [...new Set([...known, ...added])].sort();
}

/** Breadth first from the owner. */
function countHops(graph: Graph, owner: string): void {
  graph.setNodeAttribute(owner, 'hops', 0);
  for (let front = [owner], hops = 1; front.length > 0; hops++) {
    const next: string[] = [];
    for (const from of front)
      graph.forEachOutEdge(from, (edge, _attributes, _from, to) => {
        graph.setEdgeAttribute(edge, 'hops', hops);
        if (graph.getNodeAttribute(to, 'hops') >= 0) return;
        graph.setNodeAttribute(to, 'hops', hops);
        next.push(to);
      });
    front = next;
  }
}

function pathsOutside(graph: Graph, owner: string): Record<string, readonly string[]> {
  const outside = graph.filterNodes((_, node) => node.outside && node.hops > 0);
  return Object.fromEntries(outside.map((node) => [node, bidirectional(graph, owner, node) ?? []]));
}
