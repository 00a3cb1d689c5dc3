// Places and the grid: nothing overlaps, nothing moves without need, nothing is missed.
import { describe, expect, it } from "vitest";
import { arrange, layersOf, spaced } from "./arrange";
import { distanceToLine, fit, overlaps, seen, toView, toWorld, zoomAt, ZOOM_MAX, ZOOM_MIN } from "./geometry";
import type { Box } from "./graph";
import { makeGrid } from "./grid";
import { freeSpace } from "./place";
import { dice, edge, node, randomGraph } from "./samples";
import { lineAt, makeScene } from "./scene";

const seeds = Array.from({ length: 40 }, (_, seed) => seed);

describe("arranging", () => {
  it("puts no card over another, and gives the same twice", () => {
    for (const seed of seeds) {
      const graph = randomGraph(seed, 35, 55);
      const boxes = arrange(graph).nodes.flatMap((one) => (one.box ? [one.box] : []));
      expect(boxes).toHaveLength(35);
      boxes.forEach((a, at) => { expect(boxes.slice(at + 1).some((b) => overlaps(a, b)), `seed ${seed}`).toBe(false); });
      expect(arrange(graph).nodes.map((one) => one.box)).toEqual(arrange(graph).nodes.map((one) => one.box));
    }
  });

  it("lets every edge run to the right where there is no circle", () => {
    for (const seed of seeds) {
      const graph = randomGraph(seed, 30, 50);
      const acyclic = { ...graph, edges: graph.edges.filter((one) => one.source < one.target) };
      const layers = layersOf(acyclic);
      for (const one of acyclic.edges) expect(layers[one.target]).toBeGreaterThan(layers[one.source] ?? Infinity);
    }
  });

  it("bears circles", () => {
    const ring = { nodes: [node("a", { hops: 0 }), node("b"), node("c")], edges: [edge(0, 1), edge(1, 2), edge(2, 0)] };
    expect(layersOf(ring)).toEqual([0, 1, 2]);
  });

  it("keeps order and gaps, as near to the wishes as can be", () => {
    for (const seed of seeds) {
      const roll = dice(seed);
      const sizes = Array.from({ length: 12 }, () => 20 + roll() * 60);
      const wishes = sizes.map(() => roll() * 400);
      const found = spaced(wishes, sizes);
      for (let at = 1; at < found.length; at += 1) {
        const gap = (found[at] ?? 0) - (found[at - 1] ?? 0) - ((sizes[at] ?? 0) + (sizes[at - 1] ?? 0)) / 2;
        expect(gap).toBeGreaterThan(-1e-6);
      }
      expect(found.reduce((sum, y) => sum + y, 0)).toBeCloseTo(wishes.reduce((sum, y) => sum + y, 0), 4);
    }
    expect(spaced([0, 100, 300], [10, 10, 10])).toEqual([0, 100, 300]);
  });

  it("finds the nearest free space", () => {
    expect(freeSpace([], 7, 44)).toBe(7);
    expect(freeSpace([{ from: 0, to: 44 }], 10, 44)).toBe(62);
    expect(freeSpace([{ from: 0, to: 44 }, { from: 62, to: 106 }], 20, 44)).toBe(-62);
  });
});

describe("the grid", () => {
  it("finds what looking at every box finds", () => {
    for (const seed of seeds) {
      const roll = dice(seed);
      const box = (span: number, size: number): Box => ({ x: roll() * span - 900, y: roll() * span - 900, w: 1 + roll() * size, h: 1 + roll() * size });
      const boxes = Array.from({ length: 120 }, () => box(6000, 500));
      const left = Math.min(...boxes.map((one) => one.x));
      const top = Math.min(...boxes.map((one) => one.y));
      const whole = { x: left, y: top, w: Math.max(...boxes.map((one) => one.x + one.w)) - left, h: Math.max(...boxes.map((one) => one.y + one.h)) - top };
      const grid = makeGrid(boxes, whole);
      for (let turn = 0; turn < 20; turn += 1) {
        const area = box(7000, 2000);
        expect(grid.within(area)).toEqual(boxes.flatMap((one, place) => (overlaps(one, area) ? [place] : [])));
        const expected = boxes.findLastIndex((one) => area.x > one.x && area.x < one.x + one.w && area.y > one.y && area.y < one.y + one.h);
        expect(grid.at(area.x, area.y)).toBe(expected);
      }
    }
  });
});

describe("the camera", () => {
  const view = { w: 1200, h: 700 };
  it("goes to the layout and back", () => {
    for (const seed of seeds) {
      const roll = dice(seed);
      const camera = { x: roll() * 9000, y: roll() * 9000, z: 0.05 + roll() };
      const [x, y] = [roll() * 1200, roll() * 700];
      const there = toWorld(camera, view, x, y);
      const back = toView(camera, view, there.x, there.y);
      expect(back.x).toBeCloseTo(x, 5);
      expect(back.y).toBeCloseTo(y, 5);
      const zoomed = zoomAt(camera, view, 0.5 + roll(), x, y);
      expect(toWorld(zoomed, view, x, y).x).toBeCloseTo(there.x, 4);
    }
  });
  it("shows what it shall fit, and zooms within bounds", () => {
    const box = { x: -500, y: 40, w: 8000, h: 300 };
    const area = seen(fit(box, view, 20), view, 0);
    expect(area.x).toBeLessThan(box.x);
    expect(area.x + area.w).toBeGreaterThan(box.x + box.w);
    expect([zoomAt({ x: 0, y: 0, z: 1 }, view, 1e9, 0, 0).z, zoomAt({ x: 0, y: 0, z: 1 }, view, 1e-9, 0, 0).z]).toEqual([ZOOM_MAX, ZOOM_MIN]);
  });
  it("measures distances to lines", () => {
    expect(distanceToLine(5, 3, 0, 0, 10, 0)).toBe(9);
    expect(distanceToLine(-3, 4, 0, 0, 10, 0)).toBe(25);
    expect(distanceToLine(3, 4, 0, 0, 0, 0)).toBe(25);
  });
});

describe("a scene", () => {
  it("finds the edge under a point, and none where there is none", () => {
    const scene = makeScene({ nodes: [node("a", { box: { x: 0, y: 0, w: 100, h: 44 } }), node("b", { box: { x: 300, y: 0, w: 100, h: 44 } })], edges: [edge(0, 1)] });
    expect(lineAt(scene, 200, 24, 5)).toBe(0);
    expect(lineAt(scene, 200, 40, 5)).toBe(-1);
  });
});
