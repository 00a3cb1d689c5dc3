// What cards and the tree say, in the language in use.
import type { GraphEdge, GraphNode } from "../model/graph";

/** Texts that the stage needs. */
export interface Words {
  /** The second line of a card. */
  below(this: void, node: GraphNode): string;
  /** The name of a node that has none. */
  name(this: void, node: GraphNode): string;
  /** All of a node or column, for screen readers. */
  node(this: void, node: GraphNode, field: string | null, up: number, down: number, tagged: boolean): string;
  edge(this: void, edge: GraphEdge): string;
  expand(this: void, count: number): string;
  fold: string;
  tag: string;
}
