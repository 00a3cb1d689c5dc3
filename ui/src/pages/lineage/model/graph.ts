// The graph as the explorer works with it: what the server answered, later reduced (folded, hidden, grouped). Plain data;
// nodes are named by id, edges by their nodes' places.
import type { Api } from "#/api";

/** A box in the plane, in the server's pixels. */
export interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** What a node is. `hidden` are nodes that may not be seen or were hidden, `group` several that are folded into one. */
export type NodeKind = Api.NodeType | "group";

/** A node. */
export interface GraphNode {
  readonly id: string;
  readonly kind: NodeKind;
  readonly namespace: string;
  readonly name: string;
  readonly hops: number;
  readonly deleted: boolean;
  readonly fields: readonly Api.FieldNode[];
  /** Neighbours that are not shown, as the server counts them. */
  readonly moreUp: number;
  readonly moreDown: number;
  /** How many it stands for, if it is hidden or a group. */
  readonly datasets: number;
  readonly jobs: number;
  /** Nodes that are folded behind it. */
  readonly foldedUp: number;
  readonly foldedDown: number;
  /** Whether somebody hid it here, rather than the policy. */
  readonly byHand: boolean;
  readonly change: Api.Change | null;
  readonly members: readonly GraphNode[];
  readonly box: Box | null;
}

/** An edge. */
export interface GraphEdge {
  readonly source: number;
  readonly target: number;
  readonly sourceField: string | null;
  readonly targetField: string | null;
  readonly kind: Api.EdgeType;
  readonly carry: Api.Carry;
  readonly origin: Api.Origin;
  readonly change: Api.Change | null;
  /** Edges that it stands for. */
  readonly weight: number;
  /** Hidden nodes that it passes. */
  readonly passes: number;
  /** What the server said, but for edges that stand for several. */
  readonly told: Api.Edge | null;
  /** The server's polyline, as long as its ends are where the server put them. */
  readonly points: readonly (readonly number[])[] | null;
}

/** A graph. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** Reads the server's answer. Hidden nodes get ids by their place, as they have none. */
export function readGraph(body: Api.GraphBody): Graph {
  const nodes = body.nodes.map((node, place): GraphNode => ({
    id: node.id ?? `hidden-${place}`,
    kind: node.kind,
    namespace: node.namespace,
    name: node.name,
    hops: node.hops,
    deleted: node.deleted,
    fields: node.fields,
    moreUp: node.moreUp,
    moreDown: node.moreDown,
    datasets: node.hidden?.datasets ?? 0,
    jobs: node.hidden?.jobs ?? 0,
    foldedUp: 0,
    foldedDown: 0,
    byHand: false,
    change: node.change ?? null,
    members: [],
    box: body.layout?.nodes[place] ?? null,
  }));
  const edges = body.edges.map((edge, place): GraphEdge => ({
    source: edge.source,
    target: edge.target,
    sourceField: edge.sourceField ?? null,
    targetField: edge.targetField ?? null,
    kind: edge.kind,
    carry: edge.carry,
    origin: edge.origin,
    change: edge.change ?? null,
    weight: 1,
    passes: 0,
    told: edge,
    points: body.layout?.edges[place]?.points ?? null,
  }));
  return { nodes, edges };
}

/** Returns the places of nodes by id. */
export function placesOf(graph: Graph): Map<string, number> {
  return new Map(graph.nodes.map((node, place) => [node.id, place]));
}

/** Neighbours by place: for each node, the edges that lead out of it and into it. */
export interface Adjacency {
  readonly out: readonly (readonly number[])[];
  readonly into: readonly (readonly number[])[];
}

/** Returns which edges touch which nodes. */
export function adjacency(graph: Graph): Adjacency {
  const out: number[][] = graph.nodes.map(() => []);
  const into: number[][] = graph.nodes.map(() => []);
  graph.edges.forEach((edge, place) => {
    out[edge.source]?.push(place);
    into[edge.target]?.push(place);
  });
  return { out, into };
}

/** Keeps some nodes and the edges between them. `renew` may change a node that is kept. */
export function keepNodes(graph: Graph, isKept: (place: number) => boolean, renew: (node: GraphNode, place: number) => GraphNode = (node) => node): Graph {
  const at = new Map<number, number>();
  const nodes: GraphNode[] = [];
  graph.nodes.forEach((node, place) => {
    if (isKept(place)) at.set(place, nodes.push(renew(node, place)) - 1);
  });
  const edges = graph.edges.flatMap((edge) => {
    const source = at.get(edge.source);
    const target = at.get(edge.target);
    return source === undefined || target === undefined ? [] : [{ ...edge, source, target }];
  });
  return { nodes, edges };
}

/** The strongest first, as the server orders what is carried. */
const CARRIES: readonly Api.Carry[] = ["direct", "unknown", "masked", "indirect"];

/** Returns the stronger of two. */
export function strongerCarry(one: Api.Carry, other: Api.Carry): Api.Carry {
  return CARRIES.indexOf(one) <= CARRIES.indexOf(other) ? one : other;
}

/** Returns the weaker of two. */
export function weakerCarry(one: Api.Carry, other: Api.Carry): Api.Carry {
  return CARRIES.indexOf(one) <= CARRIES.indexOf(other) ? other : one;
}

/** How the API names a node, or one of its fields; null for what it has no name for. */
export function referenceOf(node: Pick<GraphNode, "id" | "kind" | "namespace" | "name">, field: string | null = null): string | null {
  if (node.kind === "job") return `job:${node.id}`;
  if (node.kind !== "dataset") return null;
  return field === null || field === "" ? `dataset:${node.id}` : `datasetField:${node.namespace}:${node.name}:${field}`;
}
