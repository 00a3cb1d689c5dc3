// What is reached from where: neighbours, everything up and down, by node or by column. What is said of a whole dataset
// holds for its columns, as on the server (src/lineage/units.rs).
import { adjacency, type Adjacency, type Graph } from "./graph";

/** A part of a graph that is lit. */
export interface Lit {
  readonly nodes: ReadonlySet<number>;
  readonly edges: ReadonlySet<number>;
  /** Columns, as `place name`. */
  readonly fields: ReadonlySet<string>;
}

/** Names a column of a node. */
export const fieldKey = (place: number, field: string): string => `${place} ${field}`;

/** Whatever walks over a graph, made once for it. */
export interface Walker {
  /** Everything that feeds it and that it feeds. */
  closure(this: void, place: number, field: string | null): Lit;
  /** What is one step away. */
  near(this: void, place: number, field: string | null): Lit;
  /** Nodes, or their columns, one step away on a side. */
  steps(this: void, place: number, field: string | null, side: "up" | "down"): Unit[];
  /** The same, with the edges that they take. */
  stepsWithEdges(this: void, place: number, field: string | null, side: "up" | "down"): [number, Unit][];
}

/** Makes a walker. */
export function walker(graph: Graph): Walker {
  const near = adjacency(graph);
  const walk = (place: number, field: string | null, steps: number): Lit => {
    const lit = { nodes: new Set([place]), edges: new Set<number>(), fields: new Set<string>(field === null ? [] : [fieldKey(place, field)]) };
    spread(graph, near, lit, [place, field], "down", steps);
    spread(graph, near, lit, [place, field], "up", steps);
    return lit;
  };
  return {
    closure: (place, field) => walk(place, field, Infinity),
    near: (place, field) => walk(place, field, 1),
    stepsWithEdges: (place, field, side) => stepsFrom(graph, near, place, field, side),
    steps: (place, field, side) => stepsFrom(graph, near, place, field, side).map(([, unit]) => unit),
  };
}

/** A node, or one of its columns. */
export type Unit = readonly [place: number, field: string | null];

/** Lists steps with the edges that they take. A whole goes on from all its columns; a column takes what feeds the whole. */
function stepsFrom(graph: Graph, { out, into }: Adjacency, place: number, field: string | null, side: "up" | "down"): [number, Unit][] {
  return ((side === "down" ? out : into)[place] ?? []).flatMap((at): [number, Unit][] => {
    const edge = graph.edges[at];
    if (!edge) return [];
    const own = side === "down" ? edge.sourceField : edge.targetField;
    const goes = field === null || own === field || (own === null && (side === "up" || graph.nodes[place]?.fields.length === 0));
    return goes ? [[at, side === "down" ? [edge.target, edge.targetField] : [edge.source, edge.sourceField]]] : [];
  });
}

function spread(graph: Graph, near: Adjacency, lit: { nodes: Set<number>; edges: Set<number>; fields: Set<string> }, start: Unit, side: "up" | "down", steps: number): void {
  const seen = new Set<string>();
  let ring: Unit[] = [start];
  for (let step = 0; step < steps && ring.length > 0; step += 1) {
    const next: Unit[] = [];
    for (const [place, field] of ring) {
      for (const [edge, [end, endField]] of stepsFrom(graph, near, place, field, side)) {
        lit.edges.add(edge);
        lit.nodes.add(end);
        if (endField !== null) lit.fields.add(fieldKey(end, endField));
        const key = `${end} ${endField ?? ""}`;
        if (seen.has(key)) continue;
        seen.add(key);
        next.push([end, endField]);
      }
    }
    ring = next;
  }
}

/** Lights up what a path names: its nodes, and the edges between two that follow each other, over jobs too. */
export function litPath(graph: Graph, steps: readonly { id: string; field: string | null; jobs: readonly string[] }[]): Lit {
  const at = new Map(graph.nodes.map((node, place) => [node.id, place]));
  const lit = { nodes: new Set<number>(), edges: new Set<number>(), fields: new Set<string>() };
  const pairs = new Map<string, number[]>();
  graph.edges.forEach((edge, place) => {
    const key = `${edge.source} ${edge.target}`;
    const known = pairs.get(key);
    if (known) known.push(place);
    else pairs.set(key, [place]);
  });
  const join = (from: number, to: number, fields: readonly [string | null, string | null] | null): void => {
    for (const edge of pairs.get(`${from} ${to}`) ?? []) {
      const told = graph.edges[edge];
      if (fields === null || (told?.sourceField === fields[0] && told.targetField === fields[1])) lit.edges.add(edge);
    }
  };
  steps.forEach((step, rank) => {
    const place = at.get(step.id);
    if (place === undefined) return;
    lit.nodes.add(place);
    if (step.field !== null) lit.fields.add(fieldKey(place, step.field));
    const next = steps[rank + 1];
    const to = at.get(next?.id ?? "");
    if (!next || to === undefined) return;
    join(place, to, step.field === null ? null : [step.field, next.field]);
    for (const job of step.jobs) {
      const over = at.get(job);
      if (over === undefined || !pairs.has(`${place} ${over}`) || !pairs.has(`${over} ${to}`)) continue;
      lit.nodes.add(over);
      join(place, over, null);
      join(over, to, null);
    }
  });
  return lit;
}
