// Grouping: nodes of one namespace or folder as one box, and the many ends of a hub as one stub. Edges between groups are
// bundled. Focus nodes always stand alone.
import { type Graph, type GraphEdge, type GraphNode, strongerCarry } from "./graph";

/** By what nodes are grouped. */
export type Grouping = "none" | "namespace" | "folder";

/** Above this, nodes are grouped by namespace unless somebody says otherwise. */
export const GROUP_ABOVE = 150;
/** Ends on one side of a node that are shown; more are folded into a stub. */
export const ENDS_SHOWN = 25;

/** Returns the folder or schema of a name: what stands before its last separator. */
export function folderOf(name: string): string {
  const cut = Math.max(name.lastIndexOf("/"), name.lastIndexOf("."), name.lastIndexOf("\\"));
  return cut > 0 ? name.slice(0, cut) : "";
}

/** Returns the group that a node belongs to, or null. */
export function groupOf(node: GraphNode, by: Grouping): string | null {
  if (by === "none" || node.hops === 0 || node.kind === "hidden" || node.kind === "group") return null;
  return by === "namespace" ? node.namespace : `${node.namespace} ${folderOf(node.name)}`;
}

/** Folds what belongs together into one node each. `name` says how a group is called. */
export function collapse(graph: Graph, keyOf: (node: GraphNode, place: number) => string | null, isOpen: (id: string) => boolean): Graph {
  const keys = graph.nodes.map((node, place) => keyOf(node, place));
  const sizes = new Map<string, number>();
  for (const key of keys) if (key !== null) sizes.set(key, (sizes.get(key) ?? 0) + 1);
  const nodes: GraphNode[] = [];
  const ats = new Map<string, number>();
  const members = new Map<number, GraphNode[]>();
  const at = graph.nodes.map((node, place) => {
    const key = keys[place] ?? null;
    const id = `group-${key ?? ""}`;
    if (key === null || (sizes.get(key) ?? 0) < 2 || isOpen(id)) return nodes.push(node) - 1;
    const known = ats.get(key);
    if (known !== undefined) {
      members.get(known)?.push(node);
      return known;
    }
    const made = nodes.push(node) - 1;
    ats.set(key, made);
    members.set(made, [node]);
    return made;
  });
  for (const [key, place] of ats) nodes[place] = box(`group-${key}`, key, members.get(place) ?? []);
  return { nodes, edges: bundled(graph, at, members) };
}

function box(id: string, key: string, members: readonly GraphNode[]): GraphNode {
  const first = members[0];
  const nearest = members.reduce((best, node) => (Math.abs(node.hops) < Math.abs(best) ? node.hops : best), first?.hops ?? 0);
  const sum = (of: (node: GraphNode) => number): number => members.reduce((all, node) => all + of(node), 0);
  const namespace = first?.namespace ?? "";
  const isEnds = key.startsWith("ends ");
  // A folder is called by itself; tables without a schema by their namespace.
  const name = isEnds ? "" : (key === namespace ? "" : folderOf(first?.name ?? "")) || namespace;
  return {
    id, kind: "group", namespace, name,
    hops: nearest, deleted: false, fields: [], moreUp: sum((node) => node.moreUp), moreDown: sum((node) => node.moreDown),
    datasets: members.filter((node) => node.kind === "dataset").length, jobs: members.filter((node) => node.kind === "job").length,
    foldedUp: 0, foldedDown: 0, byHand: false, change: null, members, box: null,
  };
}

/** Edges between what is folded, one for each pair of ends. */
function bundled(graph: Graph, at: readonly number[], groups: ReadonlyMap<number, unknown>): GraphEdge[] {
  const bundles = new Map<string, GraphEdge>();
  const edges: GraphEdge[] = [];
  for (const edge of graph.edges) {
    const source = at[edge.source] ?? 0;
    const target = at[edge.target] ?? 0;
    const [isFrom, isTo] = [groups.has(source), groups.has(target)];
    if (!isFrom && !isTo) {
      edges.push({ ...edge, source, target });
      continue;
    }
    if (source === target) continue;
    const sourceField = isFrom ? null : edge.sourceField;
    const targetField = isTo ? null : edge.targetField;
    const key = JSON.stringify([source, target, sourceField, targetField]);
    const known = bundles.get(key);
    bundles.set(key, known
      ? { ...known, weight: known.weight + edge.weight, carry: strongerCarry(known.carry, edge.carry), told: null }
      : { ...edge, source, target, sourceField, targetField, points: null });
  }
  return [...edges, ...bundles.values()];
}

/** Folds the ends (nodes with one edge only) of hubs, but for the first of them. */
export function foldEnds(graph: Graph, isOpen: (id: string) => boolean): Graph {
  const degree = new Array<number>(graph.nodes.length).fill(0);
  for (const edge of graph.edges) {
    for (const end of [edge.source, edge.target]) degree[end] = (degree[end] ?? 0) + 1;
  }
  const ends = new Map<string, number[]>();
  for (const edge of graph.edges) {
    for (const [hub, end, side] of [[edge.source, edge.target, "down"], [edge.target, edge.source, "up"]] as const) {
      const node = graph.nodes[end];
      if (degree[end] !== 1 || !node || node.hops === 0 || node.kind === "hidden") continue;
      const key = `ends ${side} ${graph.nodes[hub]?.id ?? ""}`;
      const known = ends.get(key);
      if (known) known.push(end);
      else ends.set(key, [end]);
    }
  }
  const keys = new Map<number, string>();
  for (const [key, places] of ends) {
    if (places.length > ENDS_SHOWN) places.sort((a, b) => a - b).slice(ENDS_SHOWN - 1).forEach((place) => keys.set(place, key));
  }
  return keys.size === 0 ? graph : collapse(graph, (_, place) => keys.get(place) ?? null, isOpen);
}
