// Places new nodes beside those that are there, none of which moves: in the layer after what feeds them (or before what
// they feed), at the free space nearest to their neighbours.
import { adjacency, type Box, type Graph } from "./graph";
import { CARD_GAP, LAYER_GAP, sizeOf } from "./sizes";

interface Layer {
  x: number;
  w: number;
  taken: { from: number; to: number }[];
}

/** Places all nodes that have no box yet. */
export function place(graph: Graph): Graph {
  if (graph.nodes.every((node) => node.box !== null)) return graph;
  const boxes = graph.nodes.map((node) => node.box);
  const layers = layersOf(boxes);
  const { out, into } = adjacency(graph);
  const boxesAt = (edges: readonly number[] | undefined, end: "source" | "target"): Box[] => (edges ?? []).flatMap((edge) => boxes[graph.edges[edge]?.[end] ?? -1] ?? []);
  const open = graph.nodes.flatMap((node, at) => (node.box === null ? [at] : []));
  while (open.length > 0) {
    // Whatever has a neighbour that is placed; if nothing has, whatever comes first.
    const found = open.findIndex((at) => boxesAt(into[at], "source").length + boxesAt(out[at], "target").length > 0);
    const [at = 0] = open.splice(Math.max(found, 0), 1);
    const node = graph.nodes[at];
    if (!node) continue;
    const before = boxesAt(into[at], "source");
    const after = boxesAt(out[at], "target");
    const size = sizeOf(node);
    const layer = layerFor(layers, before, after, size.w);
    const near = [...before, ...after];
    const wish = near.length > 0 ? near.reduce((sum, box) => sum + box.y + box.h / 2, 0) / near.length - size.h / 2 : 0;
    const y = freeSpace(layer.taken, wish, size.h);
    layer.taken.push({ from: y, to: y + size.h });
    layer.taken.sort((a, b) => a.from - b.from);
    boxes[at] = { x: layer.x, y, w: Math.min(size.w, Math.max(layer.w, 96)), h: size.h };
  }
  const isNew = graph.nodes.map((node) => node.box === null);
  return {
    nodes: graph.nodes.map((node, at) => (isNew[at] ? { ...node, box: boxes[at] ?? null } : node)),
    edges: graph.edges.map((edge) => (isNew[edge.source] || isNew[edge.target] ? { ...edge, points: null } : edge)),
  };
}

function layersOf(boxes: readonly (Box | null)[]): Layer[] {
  const layers = new Map<number, Layer>();
  for (const box of boxes) {
    if (!box) continue;
    const layer = layers.get(box.x) ?? { x: box.x, w: 0, taken: [] };
    layer.w = Math.max(layer.w, box.w);
    layer.taken.push({ from: box.y, to: box.y + box.h });
    layers.set(box.x, layer);
  }
  layers.forEach((layer) => layer.taken.sort((a, b) => a.from - b.from));
  return [...layers.values()].sort((a, b) => a.x - b.x);
}

function layerFor(layers: Layer[], before: readonly Box[], after: readonly Box[], w: number): Layer {
  const right = Math.max(...before.map((box) => box.x));
  const left = Math.min(...after.map((box) => box.x));
  const found = before.length > 0 ? layers.find((layer) => layer.x > right) : layers.findLast((layer) => layer.x < left);
  if (found) return found;
  const first = layers[0];
  const last = layers.at(-1);
  const isLeft = before.length === 0 && after.length > 0 && first;
  const made = { x: isLeft ? first.x - LAYER_GAP - w : last ? last.x + last.w + LAYER_GAP : 0, w, taken: [] };
  if (isLeft) layers.unshift(made);
  else layers.push(made);
  return made;
}

/** Returns where something of a height fits, as near as possible to where it wishes to be. */
export function freeSpace(taken: readonly { from: number; to: number }[], wish: number, height: number): number {
  const fits = (y: number): boolean => taken.every((one) => y + height + CARD_GAP <= one.from || y >= one.to + CARD_GAP);
  if (fits(wish)) return wish;
  const candidates = taken.flatMap((one) => [one.from - CARD_GAP - height, one.to + CARD_GAP]).filter(fits);
  return candidates.reduce((best, y) => (Math.abs(y - wish) < Math.abs(best - wish) ? y : best), candidates[0] ?? wish);
}
