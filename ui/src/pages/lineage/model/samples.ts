// Graphs for tests: made at random, the same each time.
import type { Graph, GraphEdge, GraphNode } from "./graph";

/** Numbers between 0 and 1 that look random. */
export function dice(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

/** A node. */
export function node(id: string, more: Partial<GraphNode> = {}): GraphNode {
  return {
    id, kind: "dataset", namespace: "ns", name: id, hops: 1, deleted: false, fields: [], moreUp: 0, moreDown: 0, datasets: 0, jobs: 0,
    foldedUp: 0, foldedDown: 0, byHand: false, change: null, members: [], box: null, ...more,
  };
}

/** An edge. */
export function edge(source: number, target: number, more: Partial<GraphEdge> = {}): GraphEdge {
  return { source, target, sourceField: null, targetField: null, kind: "flow", carry: "direct", origin: "observed", change: null, weight: 1, passes: 0, told: null, points: null, ...more };
}

/** A graph of so many nodes and edges, now and then with circles. The first node is the focus. */
export function randomGraph(seed: number, nodes: number, edges: number): Graph {
  const roll = dice(seed);
  const pick = (): number => Math.floor(roll() * nodes);
  return {
    nodes: Array.from({ length: nodes }, (_, place) => node(`n${place}`, { hops: place === 0 ? 0 : 1 + (place % 5), namespace: `ns${place % 3}` })),
    edges: Array.from({ length: edges }, () => edge(pick(), pick())).filter((one) => one.source !== one.target),
  };
}

/** Which nodes reach which, as `from>to`, for nodes that hold. */
export function reachability(graph: Graph, counts: (node: GraphNode) => boolean): Set<string> {
  const next: number[][] = graph.nodes.map(() => []);
  for (const one of graph.edges) next[one.source]?.push(one.target);
  const found = new Set<string>();
  graph.nodes.forEach((from, start) => {
    if (!counts(from)) return;
    const seen = new Set([start]);
    for (const at of seen) for (const to of next[at] ?? []) seen.add(to);
    for (const to of seen) {
      const end = graph.nodes[to];
      if (end && end !== from && counts(end)) found.add(`${from.id}>${end.id}`);
    }
  });
  return found;
}
