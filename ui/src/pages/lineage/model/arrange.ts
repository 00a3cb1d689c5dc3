// Coordinates for graphs that the server never saw, as they were grouped here: layers from left to right, order by the
// middle of the neighbours, heights as near to the neighbours as the order allows. The same input gives the same result.
import { adjacency, type Box, type Graph } from "./graph";
import { CARD_GAP, LAYER_GAP, sizeOf } from "./sizes";

const SWEEPS = 6;

/** Lays a graph out. */
export function arrange(graph: Graph): Graph {
  const layers = layersOf(graph);
  const sizes = graph.nodes.map(sizeOf);
  const near = neighbours(graph);
  const rows = firstOrder(graph, layers);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) reorder(rows, near, layers, sweep % 2 === 0 ? -1 : 1);
  const middles = heights(rows, near, sizes);
  const boxes: Box[] = [];
  let x = 0;
  for (const row of rows) {
    for (const place of row) {
      const { w, h } = sizes[place] ?? { w: 0, h: 0 };
      boxes[place] = { x, y: (middles[place] ?? 0) - h / 2, w, h };
    }
    if (row.length > 0) x += Math.max(...row.map((place) => sizes[place]?.w ?? 0)) + LAYER_GAP;
  }
  return {
    nodes: graph.nodes.map((node, place) => ({ ...node, box: boxes[place] ?? null })),
    edges: graph.edges.map((edge) => ({ ...edge, points: null })),
  };
}

/** Layers by longest way. Circles are broken at the node that lies nearest to the sources. */
export function layersOf(graph: Graph): number[] {
  const { out, into } = adjacency(graph);
  const size = graph.nodes.length;
  const open = graph.nodes.map((_, place) => new Set((into[place] ?? []).map((edge) => graph.edges[edge]?.source).filter((from) => from !== place)).size);
  const layer = new Array<number>(size).fill(0);
  const isDone = new Array<boolean>(size).fill(false);
  const order = graph.nodes.map((_, place) => place).sort((a, b) => (graph.nodes[a]?.hops ?? 0) - (graph.nodes[b]?.hops ?? 0) || a - b);
  const ready = order.filter((place) => open[place] === 0);
  let stuck = 0;
  for (let done = 0; done < size; done += 1) {
    let place = ready.shift();
    while (place === undefined || isDone[place]) {
      const candidate: number | undefined = place === undefined ? order[stuck++] : ready.shift();
      if (candidate === undefined && stuck >= size) return layer;
      place = candidate;
    }
    isDone[place] = true;
    const targets = new Set((out[place] ?? []).map((edge) => graph.edges[edge]?.target ?? place));
    for (const target of targets) {
      if (isDone[target]) continue;
      layer[target] = Math.max(layer[target] ?? 0, (layer[place] ?? 0) + 1);
      open[target] = (open[target] ?? 0) - 1;
      if (open[target] === 0) ready.push(target);
    }
  }
  return pulled(graph, layer, out, into);
}

/** Moves nodes without anything before them next to what they feed. */
function pulled(graph: Graph, layer: number[], out: readonly (readonly number[])[], into: readonly (readonly number[])[]): number[] {
  return layer.map((own, place) => {
    const targets = (out[place] ?? []).map((edge) => layer[graph.edges[edge]?.target ?? place] ?? own).filter((other) => other > own);
    return (into[place]?.length ?? 0) === 0 && targets.length > 0 ? Math.min(...targets) - 1 : own;
  });
}

function neighbours(graph: Graph): number[][] {
  const near: number[][] = graph.nodes.map(() => []);
  for (const edge of graph.edges) {
    if (edge.source === edge.target) continue;
    near[edge.source]?.push(edge.target);
    near[edge.target]?.push(edge.source);
  }
  return near;
}

/** Rows of places by layer, as the server had them from top to bottom, where it had them. */
function firstOrder(graph: Graph, layers: readonly number[]): number[][] {
  const rows: number[][] = Array.from({ length: layers.reduce((most, one) => Math.max(most, one), 0) + 1 }, () => []);
  layers.forEach((layer, place) => rows[layer]?.push(place));
  const hint = (place: number): number => {
    const node = graph.nodes[place];
    const boxes = (node?.members.length ? node.members : [node]).flatMap((one) => (one?.box ? [one.box.y] : []));
    return boxes.length > 0 ? boxes.reduce((sum, y) => sum + y, 0) / boxes.length : place;
  };
  const hints = graph.nodes.map((_, place) => hint(place));
  rows.forEach((row) => row.sort((a, b) => (hints[a] ?? 0) - (hints[b] ?? 0) || a - b));
  return rows;
}

function reorder(rows: number[][], near: readonly (readonly number[])[], layers: readonly number[], side: -1 | 1): void {
  const at = new Map(rows.flatMap((row) => row.map((place, rank) => [place, rank / Math.max(1, row.length)] as const)));
  for (const row of rows) {
    const middle = new Map(row.map((place) => {
      const own = layers[place] ?? 0;
      const ranks = (near[place] ?? []).filter((other) => ((layers[other] ?? 0) - own) * side > 0).map((other) => at.get(other) ?? 0);
      return [place, ranks.length > 0 ? ranks.reduce((sum, rank) => sum + rank, 0) / ranks.length : (at.get(place) ?? 0)] as const;
    }));
    row.sort((a, b) => (middle.get(a) ?? 0) - (middle.get(b) ?? 0) || a - b);
    row.forEach((place, rank) => at.set(place, rank / Math.max(1, row.length)));
  }
}

/** Middles of all nodes: each as near to the middle of its neighbours as order and gaps allow. */
function heights(rows: readonly number[][], near: readonly (readonly number[])[], sizes: readonly { h: number }[]): number[] {
  const middles = new Array<number>(sizes.length).fill(0);
  const height = (place: number): number => (sizes[place]?.h ?? 0) + CARD_GAP;
  for (const row of rows) {
    const whole = row.reduce((sum, place) => sum + height(place), 0);
    let y = -whole / 2;
    for (const place of row) {
      middles[place] = y + height(place) / 2;
      y += height(place);
    }
  }
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (const row of sweep % 2 === 0 ? rows : rows.toReversed()) {
      const wished = row.map((place) => {
        const others = near[place] ?? [];
        return others.length > 0 ? others.reduce((sum, other) => sum + (middles[other] ?? 0), 0) / others.length : (middles[place] ?? 0);
      });
      spaced(wished, row.map(height)).forEach((middle, rank) => { middles[row[rank] ?? 0] = middle; });
    }
  }
  return middles;
}

/** Puts boxes in order as near as possible to where they wish to be, without overlap (pool adjacent violators). */
export function spaced(wished: readonly number[], sizes: readonly number[]): number[] {
  let offset = 0;
  const offsets = sizes.map((size) => {
    const middle = offset + size / 2;
    offset += size;
    return middle;
  });
  const pools: { sum: number; count: number }[] = [];
  wished.forEach((wish, rank) => {
    let pool = { sum: wish - (offsets[rank] ?? 0), count: 1 };
    for (let before = pools.at(-1); before && before.sum / before.count > pool.sum / pool.count; before = pools.at(-1)) {
      pool = { sum: pool.sum + before.sum, count: pool.count + before.count };
      pools.pop();
    }
    pools.push(pool);
  });
  const shifts = pools.flatMap((pool) => Array.from({ length: pool.count }, () => pool.sum / pool.count));
  return offsets.map((middle, rank) => middle + (shifts[rank] ?? 0));
}
