// Closures, paths, rows, tags: what is reached over what.
import { describe, expect, it } from "vitest";
import { csv, rowsOf } from "../details/rows";
import { fieldKey, litPath, walker } from "./closure";
import { flowOf, toneOf } from "./flow";
import { findHits } from "./find";
import { edge, node, randomGraph, reachability } from "./samples";
import { readSided, sided } from "./sided";

const fields = (...names: string[]): { name: string; hops: number }[] => names.map((name) => ({ name, hops: 0 }));

describe("a closure", () => {
  it("holds what is reached, either way, and no more", () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const graph = randomGraph(seed, 25, 35);
      const reach = reachability(graph, () => true);
      const lit = walker(graph).closure(3, null);
      const expected = graph.nodes.flatMap((one, place) => (place === 3 || reach.has(`n3>${one.id}`) || reach.has(`${one.id}>n3`) ? [place] : []));
      expect([...lit.nodes].sort((a, b) => a - b)).toEqual(expected);
    }
  });

  it("follows one column and not its neighbours", () => {
    const graph = {
      nodes: [node("a", { fields: fields("email", "name") }), node("b", { hops: 0, fields: fields("mail", "label") }), node("c", { fields: fields("out") })],
      edges: [edge(0, 1, { sourceField: "email", targetField: "mail" }), edge(0, 1, { sourceField: "name", targetField: "label" }), edge(1, 2, { sourceField: "mail", targetField: "out" })],
    };
    const lit = walker(graph).closure(0, "email");
    expect([...lit.edges]).toEqual([0, 2]);
    expect([...lit.fields]).toEqual([fieldKey(0, "email"), fieldKey(1, "mail"), fieldKey(2, "out")]);
    expect(walker(graph).steps(1, "label", "down")).toEqual([]);
  });

  it("takes what is said of the whole for each column upstream", () => {
    const graph = { nodes: [node("a", { fields: fields("x") }), node("b", { hops: 0, fields: fields("y") })], edges: [edge(0, 1, { sourceField: "x", targetField: null, carry: "indirect" })] };
    expect([...walker(graph).closure(1, "y").edges]).toEqual([0]);
  });
});

describe("a path", () => {
  it("is lit over the jobs that it leads over, too", () => {
    const graph = { nodes: [node("a"), node("j", { kind: "job" }), node("k", { kind: "job" }), node("b")], edges: [edge(0, 1), edge(1, 3), edge(0, 2), edge(2, 3)] };
    const lit = litPath(graph, [{ id: "a", field: null, jobs: ["k"] }, { id: "b", field: null, jobs: [] }]);
    expect([...lit.nodes].sort()).toEqual([0, 2, 3]);
    expect([...lit.edges]).toEqual([2, 3]);
  });
});

describe("rows", () => {
  it("tell the shortest way and the most that is carried over any", () => {
    const graph = {
      nodes: [node("f", { hops: 0 }), node("a", { hops: 1 }), node("b", { hops: 2 }), node("u", { hops: -1 })],
      edges: [edge(0, 1), edge(1, 2), edge(0, 2, { carry: "masked" }), edge(3, 0, { carry: "indirect" })],
    };
    const rows = rowsOf(graph, walker(graph));
    expect(rows.map((row) => [row.node.id, row.carry, row.via])).toEqual([["a", "direct", []], ["u", "indirect", []], ["b", "direct", []]]);
  });

  it("are written so that no spreadsheet runs them", () => {
    expect(csv([["=1+1", 'say "x"', -3]])).toBe('"\'=1+1","say ""x""","-3"\r\n');
  });
});

describe("a tag", () => {
  it("flows until it is masked; what nobody told counts as carried", () => {
    const graph = { nodes: [node("a"), node("b"), node("c"), node("d")], edges: [edge(0, 1), edge(1, 2, { carry: "unknown" }), edge(2, 3, { carry: "masked" })] };
    const flow = flowOf(graph, (id) => id === "a");
    expect(flow.edges).toEqual(["direct", "assumed", "stopped"]);
    expect(flow.reached).toEqual([true, true, true, false]);
  });

  it("is purple where it is personal data, pink where it is special", () => {
    expect(["pii:user.contact.email", "pii:user.health_and_medical", "layer:gold"].map(toneOf)).toEqual(["pii", "special", "plain"]);
  });
});

it("finds by all words, in columns too", () => {
  const graph = { nodes: [node("orders", { fields: fields("Email") }), node("customers")], edges: [] };
  expect([findHits(graph, "ord mail"), findHits(graph, "  "), findHits(graph, "NS")]).toEqual([["orders"], [], ["orders", "customers"]]);
});

it("reads sides back as they were written, whatever the id", () => {
  for (const id of ["x", "down~y", "a b/c~d", "漢字\n"]) expect(readSided([sided("up", id)])).toEqual([{ side: "up", id }]);
  expect(readSided(["left~x", "up~", "down"])).toEqual([]);
});
