// What is drawn, in flat arrays: boxes, lines with their bounds and styles, and the grid to find them. Made once for a
// graph; frames only read it.
import { around } from "./geometry";
import { distanceToLine } from "./geometry";
import type { Box, Graph, GraphEdge } from "./graph";
import { type Grid, makeGrid } from "./grid";
import { portOf } from "./sizes";
import { type Walker, walker } from "./closure";

/** How lines are drawn. Never by colour alone: kinds differ in their dashes. */
export const LINE_STYLES = ["plain", "masked", "indirect", "inferred", "hidden", "added", "removed"] as const;
export type LineStyle = (typeof LINE_STYLES)[number];

/** The scene. */
export interface Scene {
  readonly graph: Graph;
  readonly boxes: readonly Box[];
  readonly whole: Box;
  readonly grid: Grid;
  readonly walker: Walker;
  /** Points of all lines, x and y; those of line i from `starts[i]` to `starts[i + 1]`. */
  readonly points: Float32Array;
  readonly starts: Uint32Array;
  /** Left, top, right, bottom of each line. */
  readonly bounds: Float32Array;
  readonly styles: readonly LineStyle[];
  readonly places: ReadonlyMap<string, number>;
}

/** How far edges that run back pass their ends. */
const BELOW = 14;
const BESIDE = 18;
const NOWHERE: Box = { x: 0, y: 0, w: 0, h: 0 };

/** Returns how an edge is drawn. */
export function styleOf(edge: GraphEdge): LineStyle {
  if (edge.change === "added" || edge.change === "removed") return edge.change;
  if (edge.kind === "hidden" || edge.passes > 0) return "hidden";
  if (edge.carry === "masked" || edge.carry === "indirect") return edge.carry;
  return edge.origin === "inferred" ? "inferred" : "plain";
}

function lineOf(graph: Graph, boxes: readonly Box[], edge: GraphEdge): readonly number[] {
  if (edge.points && edge.points.length > 1) return edge.points.flat();
  const [from, to] = [boxes[edge.source] ?? NOWHERE, boxes[edge.target] ?? NOWHERE];
  const [source, target] = [graph.nodes[edge.source], graph.nodes[edge.target]];
  if (!source || !target) return [];
  const [x, y] = [from.x + from.w, from.y + portOf(source, from.h, edge.sourceField)];
  const [endX, endY] = [to.x, to.y + portOf(target, to.h, edge.targetField)];
  if (endX > x) return [x, y, endX, endY];
  // Against the layers: around below both.
  const below = Math.max(from.y + from.h, to.y + to.h) + BELOW;
  return [x, y, x + BESIDE, y, x + BESIDE, below, endX - BESIDE, below, endX - BESIDE, endY, endX, endY];
}

/** Makes the scene of a graph whose nodes all have boxes. */
export function makeScene(graph: Graph): Scene {
  const boxes = graph.nodes.map((node) => node.box ?? NOWHERE);
  const lines = graph.edges.map((edge) => lineOf(graph, boxes, edge));
  const starts = new Uint32Array(lines.length + 1);
  lines.forEach((line, place) => { starts[place + 1] = (starts[place] ?? 0) + line.length; });
  const points = new Float32Array(starts[lines.length] ?? 0);
  const bounds = new Float32Array(lines.length * 4);
  lines.forEach((line, place) => {
    points.set(line, starts[place]);
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let at = 0; at + 1 < line.length; at += 2) {
      const [x = 0, y = 0] = [line[at], line[at + 1]];
      [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
    }
    bounds.set([left, top, right, bottom], place * 4);
  });
  const whole = around(boxes);
  return {
    graph, boxes, whole, points, starts, bounds,
    grid: makeGrid(boxes, whole), walker: walker(graph), styles: graph.edges.map(styleOf),
    places: new Map(graph.nodes.map((node, place) => [node.id, place])),
  };
}

/** Calls back for every line whose bounds touch an area. */
export function eachLine(scene: Scene, area: Box, call: (place: number) => void): void {
  const { bounds } = scene;
  const [right, bottom] = [area.x + area.w, area.y + area.h];
  for (let place = 0, at = 0; at < bounds.length; place += 1, at += 4) {
    if ((bounds[at] ?? 0) <= right && (bounds[at + 1] ?? 0) <= bottom && (bounds[at + 2] ?? 0) >= area.x && (bounds[at + 3] ?? 0) >= area.y) call(place);
  }
}

/** Returns the line nearest to a point, no farther than `reach`; -1 if there is none. */
export function lineAt(scene: Scene, x: number, y: number, reach: number): number {
  let [best, nearest] = [-1, reach * reach];
  eachLine(scene, { x: x - reach, y: y - reach, w: 2 * reach, h: 2 * reach }, (place) => {
    const end = scene.starts[place + 1] ?? 0;
    for (let at = scene.starts[place] ?? 0; at + 3 < end; at += 2) {
      const far = distanceToLine(x, y, scene.points[at] ?? 0, scene.points[at + 1] ?? 0, scene.points[at + 2] ?? 0, scene.points[at + 3] ?? 0);
      if (far < nearest) [best, nearest] = [place, far];
    }
  });
  return best;
}
