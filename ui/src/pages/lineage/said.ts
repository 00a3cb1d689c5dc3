// What nodes and edges are called, in the language in use.
import { useMemo } from "react";
import type { Spoken } from "#/text/messages";
import type { lineage } from "./messages";
import type { GraphEdge, GraphNode } from "./model/graph";
import type { Words } from "./stage/words";

export type Text = Spoken<(typeof lineage)["en"]>;

/** How many datasets and jobs a node stands for. */
export function countsOf(text: Text, node: Pick<GraphNode, "datasets" | "jobs">): string {
  return [node.datasets > 0 && text.datasets(node.datasets), node.jobs > 0 && text.jobsCount(node.jobs)].filter(Boolean).join(", ");
}

/** The name of a node, whatever it is. */
export function nameOf(text: Text, node: GraphNode): string {
  if (node.byHand) return String(node.datasets + node.jobs);
  if (node.kind === "hidden") return countsOf(text, node) === "" ? text.hiddenNode : text.hidden(countsOf(text, node));
  if (node.kind === "group") return node.name === "" ? text.ends : node.name;
  return node.name === "" ? text.noName : node.name;
}

/** A namespace in few letters: its kind and its last part. */
export function shortNamespace(namespace: string): string {
  const [, scheme = "", rest = ""] = /^([a-z0-9+.-]+):\/*(.*)$/i.exec(namespace) ?? [];
  const last = rest.split("/").filter(Boolean).at(-1);
  return last === undefined ? namespace : `${scheme} · ${last}`;
}

const kindOf = (text: Text, node: GraphNode): string =>
  ({ dataset: text.dataset, job: text.job, run: text.run, group: text.groupKind, hidden: text.hiddenKind })[node.kind];

/** What an edge says, in a line or two. */
export function edgeSaid(text: Text, edge: GraphEdge): string {
  const lines = [
    edge.told ? edge.told.jobs.map((job) => job.name).join(", ") : "",
    edge.told && edge.told.hiddenJobs > 0 ? text.moreJobs(edge.told.hiddenJobs) : "",
    edge.weight > 1 ? text.stands(edge.weight) : "",
    edge.passes > 0 ? text.passes(edge.passes) : "",
    edge.sourceField !== null || edge.targetField !== null ? `${edge.sourceField ?? text.whole} → ${edge.targetField ?? text.whole}` : "",
    `${text.carries}: ${text[edge.carry]}`,
  ];
  return lines.filter(Boolean).join("\n");
}

/** The name on a card: of what is hidden only the count, as its icon says the rest. */
const cardName = (text: Text, node: GraphNode): string => (node.kind === "hidden" && !node.byHand ? countsOf(text, node) || text.hiddenNode : nameOf(text, node));

/** Returns the texts of the stage. */
export function useWords(text: Text, tag: string): Words {
  return useMemo(() => ({
    below: (node) => (node.kind === "group" ? countsOf(text, node) : node.kind === "hidden" ? "" : shortNamespace(node.namespace)),
    name: (node) => cardName(text, node),
    node: (node, field, up, down, tagged) => [
      field === null ? `${kindOf(text, node)} ${cardName(text, node)}` : `${text.column(field)}, ${nameOf(text, node)}`, node.namespace,
      text.upstream(up), text.downstream(down), tagged ? text.bears(tag) : "", node.change && node.change !== "kept" ? text[node.change] : "", node.deleted ? text.deleted : "",
    ].filter(Boolean).join(", "),
    edge: (edge) => edgeSaid(text, edge),
    expand: text.expand,
    fold: text.fold,
    tag,
  }), [text, tag]);
}
