// Folding: what hangs on the graph only over one side of a node is put away, and counted there.
import { type Graph, keepNodes, placesOf } from "./graph";
import type { Side } from "./sided";

/** Folds. What still hangs together with the focus over other ways stays. */
export function fold(graph: Graph, folded: readonly { side: Side; id: string }[]): Graph {
  const places = placesOf(graph);
  const cut = new Map<number, Set<Side>>();
  for (const { side, id } of folded) {
    const place = places.get(id);
    if (place !== undefined) cut.set(place, (cut.get(place) ?? new Set()).add(side));
  }
  if (cut.size === 0) return graph;
  const joined = graph.edges.filter((edge) => !cut.get(edge.source)?.has("down") && !cut.get(edge.target)?.has("up"));
  const near: number[][] = graph.nodes.map(() => []);
  for (const edge of joined) {
    near[edge.source]?.push(edge.target);
    near[edge.target]?.push(edge.source);
  }
  const starts = graph.nodes.flatMap((node, place) => (node.hops === 0 ? [place] : []));
  const kept = spread(starts, near);
  return keepNodes(graph, (place) => kept.has(place), (node, place) => {
    const sides = cut.get(place);
    if (!sides) return node;
    const gone = (side: Side): number => (sides.has(side) ? countGone(graph, place, side, kept) : 0);
    return { ...node, foldedUp: gone("up"), foldedDown: gone("down") };
  });
}

function spread(starts: readonly number[], near: readonly (readonly number[])[]): Set<number> {
  const seen = new Set(starts);
  const queue = [...starts];
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    for (const next of near[at] ?? []) {
      if (!seen.has(next)) {
        seen.add(next);
        queue.push(next);
      }
    }
  }
  return seen;
}

/** Counts what went away behind one side of a node. */
function countGone(graph: Graph, place: number, side: Side, kept: ReadonlySet<number>): number {
  const near: number[][] = graph.nodes.map(() => []);
  for (const edge of graph.edges) {
    if (!kept.has(edge.target)) near[edge.source]?.push(edge.target);
    if (!kept.has(edge.source)) near[edge.target]?.push(edge.source);
  }
  const firsts = graph.edges.flatMap((edge) => (side === "down" ? (edge.source === place ? [edge.target] : []) : edge.target === place ? [edge.source] : []));
  return spread(firsts.filter((first) => !kept.has(first)), near).size;
}
