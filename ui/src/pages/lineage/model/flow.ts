// What bears a tag, and where it flows from there: carried, carried as far as anybody knows (assumed), stopped by masking.
// Where nobody said what is carried, it counts as carried: the safe side.
import type { Api } from "#/api";
import { personalData } from "#/parts/personal_data";
import { adjacency, type Graph, type GraphEdge } from "./graph";

/** What an edge does with what is tagged. */
export type FlowKind = "none" | "direct" | "assumed" | "stopped";

/** A tag laid over a graph. */
export interface Flow {
  /** Whether each node bears it. */
  readonly tagged: readonly boolean[];
  /** Whether it reaches each node. */
  readonly reached: readonly boolean[];
  readonly edges: readonly FlowKind[];
}

/** Returns what colour a tag has: purple for personal data, pink for special categories, none for the rest. */
export function toneOf(tag: string): "pii" | "special" | "plain" {
  const told = personalData(tag);
  return told === null ? "plain" : told.isSpecial ? "special" : "pii";
}

const does = (carry: Api.Carry, edge: GraphEdge): FlowKind => {
  if (carry === "masked") return "stopped";
  if (carry === "indirect") return "none";
  return carry === "unknown" || edge.origin === "inferred" || edge.kind === "hidden" ? "assumed" : "direct";
};

/** Follows what is tagged along the flow. */
export function flowOf(graph: Graph, isTagged: (id: string) => boolean): Flow {
  const tagged = graph.nodes.map((node) => isTagged(node.id) || node.members.some((member) => isTagged(member.id)));
  const reached = [...tagged];
  const edges = graph.edges.map((): FlowKind => "none");
  const { out } = adjacency(graph);
  const queue = tagged.flatMap((is, place) => (is ? [place] : []));
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    for (const place of out[at] ?? []) {
      const edge = graph.edges[place];
      if (!edge) continue;
      const kind = does(edge.carry, edge);
      edges[place] = kind;
      if (kind === "none" || kind === "stopped" || reached[edge.target]) continue;
      reached[edge.target] = true;
      queue.push(edge.target);
    }
  }
  return { tagged, reached, edges };
}
