// Folding, hiding, grouping, expanding: whatever is put away, what is shown stays true.
import { describe, expect, it } from "vitest";
import { combine, derive } from "./derive";
import { fold } from "./fold";
import { collapse, ENDS_SHOWN, foldEnds, folderOf, groupOf } from "./group";
import { hide } from "./hide";
import { merge } from "./merge";
import { dice, edge, node, randomGraph, reachability } from "./samples";

const seeds = Array.from({ length: 60 }, (_, seed) => seed);
const none = { group: "none", open: [], fold: [], hide: [], only: null } as const;

describe("hiding", () => {
  it("keeps exactly what reaches what", () => {
    for (const seed of seeds) {
      const roll = dice(seed * 31);
      const graph = randomGraph(seed, 12 + (seed % 20), 10 + (seed % 40));
      const hidden = new Set(graph.nodes.filter((one) => one.hops !== 0 && roll() < 0.4).map((one) => one.id));
      const shown = hide(graph, (one) => hidden.has(one.id)).graph;
      const isShown = (one: { id: string; byHand: boolean }): boolean => !one.byHand && !hidden.has(one.id);
      expect([...reachability(shown, isShown)].sort(), `seed ${seed}`).toEqual([...reachability(graph, isShown)].sort());
    }
  });

  it("makes a chain one dashed edge with its count", () => {
    const graph = { nodes: [node("a", { hops: 0 }), node("b"), node("c", { kind: "job" }), node("d")], edges: [edge(0, 1), edge(1, 2, { carry: "masked" }), edge(2, 3)] };
    const { graph: shown, left } = hide(graph, (one) => one.id === "b" || one.id === "c");
    expect(shown.nodes.map((one) => one.id)).toEqual(["a", "d"]);
    expect(shown.edges).toMatchObject([{ source: 0, target: 1, passes: 2, kind: "hidden", carry: "masked" }]);
    expect(left).toBe(0);
  });

  it("leaves a knot where several ways meet, and nothing of dead ends", () => {
    const graph = { nodes: [node("a", { hops: 0 }), node("b"), node("h"), node("c"), node("d"), node("end")], edges: [edge(0, 2), edge(1, 2), edge(2, 3), edge(2, 4), edge(3, 5)] };
    const { graph: shown, left } = hide(graph, (one) => one.id === "h" || one.id === "end");
    expect(shown.nodes.find((one) => one.byHand)).toMatchObject({ id: "knot-h", kind: "hidden", datasets: 1, name: "" });
    expect(left).toBe(1);
  });
});

describe("folding", () => {
  it("puts away only what hangs on that side alone, and counts it", () => {
    const graph = { nodes: [node("a", { hops: 0 }), node("b"), node("c"), node("d"), node("e")], edges: [edge(0, 1), edge(1, 2), edge(1, 3), edge(0, 3), edge(2, 4)] };
    const folded = fold(graph, [{ side: "down", id: "b" }]);
    expect(folded.nodes.map((one) => one.id)).toEqual(["a", "b", "d"]);
    expect(folded.nodes[1]).toMatchObject({ foldedDown: 2, foldedUp: 0 });
    expect(folded.edges.map((one) => [one.source, one.target])).toContainEqual([1, 2]);
  });
});

describe("grouping", () => {
  it("loses no node and no edge between groups", () => {
    for (const seed of seeds) {
      const graph = randomGraph(seed, 30, 50);
      const grouped = collapse(graph, (one) => groupOf(one, "namespace"), () => false);
      const members = grouped.nodes.flatMap((one) => (one.kind === "group" ? one.members.map((member) => member.id) : [one.id]));
      expect(members.sort()).toEqual(graph.nodes.map((one) => one.id).sort());
      const within = graph.edges.filter((one) => {
        const [from, to] = [graph.nodes[one.source], graph.nodes[one.target]];
        return from?.namespace === to?.namespace && from?.hops !== 0 && to?.hops !== 0;
      });
      expect(grouped.edges.reduce((sum, one) => sum + one.weight, 0)).toBe(graph.edges.length - within.length);
    }
  });

  it("never puts the focus into a group, and opens one", () => {
    const graph = randomGraph(1, 10, 12);
    const grouped = collapse(graph, (one) => groupOf(one, "namespace"), (id) => id === "group-ns1");
    expect(grouped.nodes.filter((one) => one.kind === "group").map((one) => one.name).sort()).toEqual(["ns0", "ns2"]);
    expect(grouped.nodes.some((one) => one.id === "n0")).toBe(true);
  });

  it("folds the many ends of a hub into one stub", () => {
    const hub = { nodes: [node("hub", { hops: 0 }), ...Array.from({ length: 40 }, (_, at) => node(`e${at}`))], edges: Array.from({ length: 40 }, (_, at) => edge(0, at + 1)) };
    const folded = foldEnds(hub, () => false);
    expect(folded.nodes).toHaveLength(1 + ENDS_SHOWN);
    expect(folded.nodes.at(-1)).toMatchObject({ kind: "group", datasets: 40 - ENDS_SHOWN + 1 });
    expect(foldEnds(hub, () => true).nodes).toHaveLength(41);
  });

  it("knows folders of paths and schemas of tables", () => {
    expect([folderOf("/lake/silver/erp/orders"), folderOf("shop.public.orders"), folderOf("orders")]).toEqual(["/lake/silver/erp", "shop.public", ""]);
  });
});

describe("expanding", () => {
  const base = { nodes: [node("a", { hops: 0, box: { x: 0, y: 0, w: 120, h: 44 } }), node("b", { hops: 1, moreDown: 2, box: { x: 210, y: 0, w: 120, h: 44 } })], edges: [edge(0, 1, { points: [[120, 22], [210, 22]] })] };
  const found = { nodes: [node("b", { hops: 0 }), node("c", { hops: 1 }), node("d", { hops: 1 })], edges: [edge(0, 1), edge(0, 2)] };

  it("moves nothing that is there, and puts nothing over anything", () => {
    const whole = combine(base, [{ id: "b", side: "down", graph: found }], null);
    expect(whole.nodes.slice(0, 2).map((one) => one.box)).toEqual(base.nodes.map((one) => one.box));
    expect(whole.nodes.slice(2)).toMatchObject([{ id: "c", hops: 2, box: { x: 420 } }, { id: "d", hops: 2, box: { x: 420 } }]);
    const [c, d] = [whole.nodes[2]?.box, whole.nodes[3]?.box];
    expect(Math.abs((c?.y ?? 0) - (d?.y ?? 0))).toBeGreaterThanOrEqual(44);
    expect(whole.edges[0]?.points).not.toBeNull();
  });

  it("is the same twice", () => {
    const once = merge(base, found, "b", "down");
    expect(merge(once, found, "b", "down").edges).toHaveLength(once.edges.length);
    expect(once.nodes[1]?.moreDown).toBe(0);
  });
});

describe("what is shown", () => {
  it("groups many nodes by itself, unless told not to", () => {
    const many = randomGraph(3, 200, 300);
    expect(derive(many, { ...none, group: "auto" }).grouping).toBe("namespace");
    expect(derive(many, none).shown.nodes.length).toBeGreaterThan(100);
    expect(derive(randomGraph(3, 100, 120), { ...none, group: "auto" }).grouping).toBe("none");
  });

  it("has a place for every node, whatever was put away", () => {
    for (const seed of seeds) {
      const graph = randomGraph(seed, 40, 60);
      const wishes = { group: seed % 2 ? "namespace" : "none", open: [], fold: [`down~n${seed % 7}`], hide: [`n${1 + (seed % 11)}`], only: null } as const;
      expect(derive(graph, wishes).shown.nodes.every((one) => one.box !== null)).toBe(true);
    }
  });
});
