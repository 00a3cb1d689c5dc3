// Lays further answers over a graph: what was expanded by hand, and the nodes of paths. What was there keeps its place.
import type { Api } from "#/api";
import { type Graph, type GraphEdge, type GraphNode, placesOf } from "./graph";
import type { Side } from "./sided";

const edgeKey = (graph: Graph, edge: GraphEdge): string =>
  JSON.stringify([graph.nodes[edge.source]?.id, graph.nodes[edge.target]?.id, edge.sourceField, edge.targetField, edge.kind]);

/** Adds what was found around the node `id`. New nodes have no box yet; so have nodes that came to more columns. */
export function merge(base: Graph, found: Graph, id: string, side: Side): Graph {
  const places = placesOf(base);
  const anchor = base.nodes[places.get(id) ?? -1];
  const nodes = [...base.nodes];
  const edges = [...base.edges];
  const at = found.nodes.map((node) => {
    // Hidden nodes of two answers cannot be told to be the same.
    const own = node.kind === "hidden" ? { ...node, id: `${node.id}-${side}-${id}` } : node;
    const known = places.get(own.id);
    if (known === undefined) {
      places.set(own.id, nodes.length);
      return nodes.push({ ...own, hops: own.hops + (anchor?.hops ?? 0), box: null }) - 1;
    }
    nodes[known] = grown(nodes[known] ?? own, own, own.id === id ? side : null);
    return known;
  });
  const touched = new Set(at);
  const keys = new Set(base.edges.filter((edge) => touched.has(edge.source) && touched.has(edge.target)).map((edge) => edgeKey(base, edge)));
  for (const edge of found.edges) {
    const moved = { ...edge, source: at[edge.source] ?? 0, target: at[edge.target] ?? 0, points: null };
    const key = edgeKey({ nodes, edges: [] }, moved);
    if (keys.has(key)) continue;
    keys.add(key);
    edges.push(moved);
  }
  return { nodes, edges };
}

function grown(node: GraphNode, found: GraphNode, side: Side | null): GraphNode {
  const names = new Set(node.fields.map((field) => field.name));
  const fields = [...node.fields, ...found.fields.filter((field) => !names.has(field.name))];
  if (fields.length > node.fields.length) fields.sort((a, b) => (a.name < b.name ? -1 : 1));
  const more = side === "up" ? { moreUp: found.moreUp } : side === "down" ? { moreDown: found.moreDown } : {};
  return { ...node, ...more, fields, box: fields.length > node.fields.length ? null : node.box };
}

/** Adds the nodes and steps of a path, where the graph does not show them. */
export function mergePath(base: Graph, path: Api.Path): Graph {
  const first = base.nodes.find((node) => node.id === path.nodes[0]?.id);
  const nodes = path.nodes.map((label, place): GraphNode => ({
    id: label.id ?? `hidden-path-${place}`, kind: label.kind, namespace: label.namespace, name: label.name, hops: (first?.hops ?? 0) + place, deleted: false,
    fields: label.field ? [{ name: label.field, hops: place }] : [], moreUp: 0, moreDown: 0, datasets: label.kind === "hidden" ? 1 : 0, jobs: 0,
    foldedUp: 0, foldedDown: 0, byHand: false, change: null, members: [], box: null,
  }));
  const joined = new Set(base.edges.map((edge) => `${base.nodes[edge.source]?.id ?? ""} ${base.nodes[edge.target]?.id ?? ""}`));
  const edges = path.steps.flatMap((step, place): GraphEdge[] => {
    const source = path.nodes[place];
    const target = path.nodes[place + 1];
    const isShown = !source?.field && joined.has(`${source?.id ?? ""} ${target?.id ?? ""}`);
    if (isShown || source?.id === target?.id) return [];
    return [{
      source: place, target: place + 1, sourceField: source?.field ?? null, targetField: target?.field ?? null, kind: source?.field ? "column" : "flow",
      carry: step.carry, origin: step.origin, change: null, weight: 1, passes: 0, points: null,
      told: {
        source: place, target: place + 1, sourceField: source?.field ?? null, targetField: target?.field ?? null, kind: "flow", carry: step.carry, origin: step.origin,
        seen: step.seen ?? { first: "", last: "", runs: 0 }, current: true, jobs: step.jobs, hiddenJobs: step.hiddenJobs, transformations: step.transformations,
      },
    }];
  });
  return merge(base, { nodes, edges }, path.nodes[0]?.id ?? "", "down");
}
