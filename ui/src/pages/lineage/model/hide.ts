// Hiding without breaking paths: a node that is hidden and joins others that are shown leaves a dashed edge, or where it
// joins several, a knot, with a count. What is reached from what stays exactly as it was.
import { adjacency, type Graph, type GraphEdge, type GraphNode, keepNodes, strongerCarry, weakerCarry } from "./graph";

/** A graph with nodes hidden, and how many are not even on a way between others. */
export interface Hidden {
  readonly graph: Graph;
  readonly left: number;
}

/** Hides nodes. */
export function hide(graph: Graph, isHidden: (node: GraphNode) => boolean): Hidden {
  const hidden = new Set(graph.nodes.flatMap((node, place) => (isHidden(node) ? [place] : [])));
  if (hidden.size === 0) return { graph, left: 0 };
  const fed = throughHidden(graph, hidden, "down");
  const feeding = throughHidden(graph, hidden, "up");
  const isBetween = (place: number): boolean => fed.has(place) && feeding.has(place);
  const knots = [...hidden].filter(isBetween);
  const kept = keepNodes(graph, (place) => !hidden.has(place) || isBetween(place), (node, place) => (hidden.has(place) ? knot(node) : node));
  const tied = kept.edges.map((edge) => {
    const touches = [edge.source, edge.target].some((end) => kept.nodes[end]?.byHand);
    return touches ? { ...edge, kind: "hidden" as const, sourceField: shownField(kept, edge.source, edge.sourceField), targetField: shownField(kept, edge.target, edge.targetField), points: null } : edge;
  });
  return { graph: contract({ nodes: kept.nodes, edges: withoutTwins(tied) }), left: hidden.size - knots.length };
}

const shownField = (graph: Graph, place: number, field: string | null): string | null => (graph.nodes[place]?.byHand ? null : field);

function knot(node: GraphNode): GraphNode {
  return {
    ...node, id: `knot-${node.id}`, kind: "hidden", namespace: "", name: "", fields: [], moreUp: 0, moreDown: 0, byHand: true,
    datasets: node.datasets + (node.kind === "dataset" ? 1 : 0), jobs: node.jobs + (node.kind === "job" ? 1 : 0), members: [],
    box: node.box && { x: node.box.x + node.box.w / 2 - 20, y: node.box.y + node.box.h / 2 - 10, w: 40, h: 20 },
  };
}

/** Returns the hidden nodes that are reached from a shown one over hidden ones only. */
function throughHidden(graph: Graph, hidden: ReadonlySet<number>, way: "up" | "down"): Set<number> {
  const ends = graph.edges.map((edge) => (way === "down" ? [edge.source, edge.target] as const : [edge.target, edge.source] as const));
  const next = new Map<number, number[]>();
  const queue: number[] = [];
  const seen = new Set<number>();
  const reach = (place: number): void => {
    if (hidden.has(place) && !seen.has(place)) {
      seen.add(place);
      queue.push(place);
    }
  };
  for (const [from, to] of ends) {
    const known = next.get(from);
    if (!hidden.has(from)) reach(to);
    else if (known) known.push(to);
    else next.set(from, [to]);
  }
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) next.get(at)?.forEach(reach);
  return seen;
}

function withoutTwins(edges: readonly GraphEdge[]): GraphEdge[] {
  const seen = new Map<string, GraphEdge>();
  for (const edge of edges) {
    const key = edge.kind === "hidden" ? JSON.stringify([edge.source, edge.target, edge.sourceField, edge.targetField]) : JSON.stringify([edge.source, edge.target, edge.sourceField, edge.targetField, edge.kind, seen.size]);
    const twin = seen.get(key);
    seen.set(key, twin ? { ...twin, carry: strongerCarry(twin.carry, edge.carry), weight: twin.weight + edge.weight, told: null } : edge);
  }
  return [...seen.values()];
}

/** Makes a knot with one way in and one way out an edge. Chains of them become one edge. */
function contract(graph: Graph): Graph {
  const { out, into } = adjacency(graph);
  const isSimple = (place: number): boolean => graph.nodes[place]?.byHand === true && out[place]?.length === 1 && into[place]?.length === 1;
  const edges: GraphEdge[] = [];
  const passed = new Set<number>();
  for (const edge of graph.edges) {
    if (isSimple(edge.source)) continue;
    let whole: GraphEdge = edge;
    while (isSimple(whole.target) && !passed.has(whole.target)) {
      passed.add(whole.target);
      const next = graph.edges[out[whole.target]?.[0] ?? -1];
      if (!next) break;
      const node = graph.nodes[whole.target];
      whole = { ...whole, target: next.target, targetField: next.targetField, carry: weakerCarry(whole.carry, next.carry), passes: whole.passes + next.passes + (node ? node.datasets + node.jobs : 0), told: null, points: null };
    }
    if (whole.source !== whole.target) edges.push(whole);
  }
  return keepNodes({ nodes: graph.nodes, edges }, (place) => !passed.has(place));
}
