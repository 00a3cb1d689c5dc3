// What the graph says of columns.
import { expect, it } from "vitest";
import type { Api } from "#/api";
import { endsOf } from "./column_lineage";

const node = (id: string, name: string): Api.Node => ({ kind: "dataset", id, namespace: "ns", name, hops: 0, deleted: false, aliases: id === "focus" ? ["alias"] : [], fields: [], moreUp: 0, moreDown: 0 });
const edge = (source: number, target: number, sourceField: string | null, targetField: string | null): Api.Edge => ({
  source, target, sourceField, targetField, kind: "column", carry: "direct", origin: "observed", seen: { first: "", last: "", runs: 1 }, current: true, jobs: [], hiddenJobs: 0, transformations: [],
});
const graph = {
  nodes: [node("focus", "a"), node("up", "b"), node("down", "c")],
  edges: [edge(1, 0, "email", "email"), edge(1, 0, "id", null), edge(0, 2, "email", "contact"), edge(1, 2, "x", "y"), edge(0, 0, "email", "email")],
};

it("parts edges by column and direction, and leaves out what is between others", () => {
  const ends = endsOf(graph, "focus");
  expect(ends.get("email")?.up.map((one) => `${one.dataset}.${one.column}`)).toEqual(["b.email"]);
  expect(ends.get("email")?.down.map((one) => `${one.dataset}.${one.column}`)).toEqual(["c.contact"]);
  expect(ends.get("")?.up.map((one) => one.column)).toEqual(["id"]);
  expect([...ends.keys()]).toEqual(["email", ""]);
});

it("finds the dataset by another of its ids", () => {
  expect(endsOf(graph, "alias").get("email")?.up).toHaveLength(1);
});
