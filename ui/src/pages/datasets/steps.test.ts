// The steps around a dataset.
import { expect, it } from "vitest";
import type { Api } from "#/api";
import { jobsOf, stepsOf } from "./steps";

const node = (id: string, kind: Api.Node["kind"] = "dataset", hidden: Api.HiddenCount | null = null): Api.Node => ({ kind, id, namespace: "ns", name: id, hops: 0, deleted: false, aliases: [], fields: [], moreUp: 0, moreDown: 0, hidden });
const edge = (source: number, target: number): Api.Edge => ({ source, target, kind: "flow", carry: "direct", origin: "observed", seen: { first: "", last: "", runs: 1 }, current: true, jobs: [], hiddenJobs: 0, transformations: [] });

it("tells both sides, and how much is hidden", () => {
  const graph = { nodes: [node("a"), node("b"), node("", "hidden", { datasets: 2, jobs: 0, fields: 0 }), node("c")], edges: [edge(1, 0), edge(2, 0), edge(0, 3), edge(1, 3), edge(0, 0)] };
  const { up, down } = stepsOf(graph, "a");
  expect(up.map((step) => [step.node.name, step.hidden])).toEqual([["b", 0], ["", 2]]);
  expect(down.map((step) => step.node.name)).toEqual(["c"]);
});

it("parts jobs into those that write and those that read", () => {
  const graph = { nodes: [node("a"), node("w", "job"), node("r", "job"), node("b")], edges: [edge(1, 0), edge(0, 2), edge(0, 3), edge(1, 0)] };
  expect(jobsOf(graph, "a").writers.map((job) => job.name)).toEqual(["w"]);
  expect(jobsOf(graph, "a").readers.map((job) => job.name)).toEqual(["r"]);
});
