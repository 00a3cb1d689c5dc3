// What the lineage graph says of each column of one dataset: what it is made from, and what is made from it.
import type { Api } from "#/api";

/** A column at the other end of an edge. */
export interface Neighbour {
  namespace: string;
  dataset: string;
  /** Empty for the dataset as a whole. */
  column: string;
  carry: Api.Edge["carry"];
  transformations: Api.Transformation[];
}

/** What is known of a column. */
export interface ColumnEnds {
  up: Neighbour[];
  down: Neighbour[];
}

/** The ends of every column, and of the dataset as a whole (under the empty name). */
export type Ends = ReadonlyMap<string, ColumnEnds>;

/** Reads the graph around a dataset; its first node is the dataset. */
export function endsOf(graph: Pick<Api.GraphBody, "nodes" | "edges">, id: string): Ends {
  const focus = graph.nodes.findIndex((node) => node.id === id || node.aliases.includes(id));
  const ends = new Map<string, ColumnEnds>();
  const at = (column: string): ColumnEnds => {
    const found = ends.get(column) ?? { up: [], down: [] };
    ends.set(column, found);
    return found;
  };
  for (const edge of graph.edges) {
    const isUp = edge.target === focus;
    if (isUp === (edge.source === focus)) continue;
    const other = graph.nodes[isUp ? edge.source : edge.target];
    if (other?.kind !== "dataset") continue;
    const [own, theirs] = isUp ? [edge.targetField, edge.sourceField] : [edge.sourceField, edge.targetField];
    const { carry, transformations } = edge;
    const neighbour = { namespace: other.namespace, dataset: other.name, column: theirs ?? "", carry, transformations };
    at(own ?? "")[isUp ? "up" : "down"].push(neighbour);
  }
  return ends;
}
