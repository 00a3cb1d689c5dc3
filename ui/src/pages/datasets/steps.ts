// The single steps from a dataset to what it is made from and to what is made from it, out of a lineage graph.
import type { Api } from "#/api";

/** A step. */
export interface Step {
  key: string;
  node: Api.Node;
  edge: Api.Edge;
  /** How many things stand behind it that the asker may not see. */
  hidden: number;
}

/** Reads the steps around a dataset. */
export function stepsOf(graph: Pick<Api.GraphBody, "nodes" | "edges">, id: string): { up: Step[]; down: Step[] } {
  const focus = graph.nodes.findIndex((node) => node.id === id || node.aliases.includes(id));
  const step = (edge: Api.Edge, other: number): Step[] => {
    const node = graph.nodes[other];
    if (node === undefined || edge.source === edge.target) return [];
    const { hidden } = node;
    return [{ key: `${other}`, node, edge, hidden: hidden ? Math.max(1, hidden.datasets + hidden.jobs) : 0 }];
  };
  return {
    up: graph.edges.filter((edge) => edge.target === focus).flatMap((edge) => step(edge, edge.source)),
    down: graph.edges.filter((edge) => edge.source === focus).flatMap((edge) => step(edge, edge.target)),
  };
}

/** The jobs that write and that read a dataset, out of a graph in which jobs are nodes. */
export function jobsOf(graph: Pick<Api.GraphBody, "nodes" | "edges">, id: string): { writers: Api.Node[]; readers: Api.Node[] } {
  const focus = graph.nodes.findIndex((node) => node.id === id || node.aliases.includes(id));
  const jobs = (places: number[]): Api.Node[] => [...new Set(places)].flatMap((place) => graph.nodes[place] ?? []).filter((node) => node.kind === "job");
  return {
    writers: jobs(graph.edges.filter((edge) => edge.target === focus).map((edge) => edge.source)),
    readers: jobs(graph.edges.filter((edge) => edge.source === focus).map((edge) => edge.target)),
  };
}
