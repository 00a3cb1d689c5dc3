// Draws on canvases: edges, and nodes where they are too small or too many to be cards.
import type { Flow } from "../model/flow";
import type { Box } from "../model/graph";
import { eachLine, LINE_STYLES, type LineStyle, type Scene } from "../model/scene";
import type { Colours } from "./colours";

/** How much is drawn of nodes: as cards (elsewhere), as boxes with names, as boxes. */
export type Detail = "cards" | "names" | "boxes";

const DASHES: Record<LineStyle, readonly number[]> = {
  plain: [], added: [], removed: [7, 4], masked: [9, 3, 2, 3], indirect: [2, 4], inferred: [6, 4], hidden: [3, 5],
};

/** Adds a line to a path: straight, or bent smoothly where it changes its height. */
export function trace(context: CanvasRenderingContext2D, scene: Scene, place: number, isStraight: boolean): void {
  const { points, starts } = scene;
  const [from, to] = [starts[place] ?? 0, starts[place + 1] ?? 0];
  let [x, y] = [points[from] ?? 0, points[from + 1] ?? 0];
  context.moveTo(x, y);
  if (isStraight) {
    context.lineTo(points[to - 2] ?? 0, points[to - 1] ?? 0);
    return;
  }
  for (let at = from + 2; at < to; at += 2) {
    const [nextX, nextY] = [points[at] ?? 0, points[at + 1] ?? 0];
    if (nextY === y || nextX <= x) context.lineTo(nextX, nextY);
    else {
      const bend = Math.max(24, Math.abs(nextX - x) / 2);
      context.bezierCurveTo(x + bend, y, nextX - bend, nextY, nextX, nextY);
    }
    [x, y] = [nextX, nextY];
  }
}

function arrow(context: CanvasRenderingContext2D, scene: Scene, place: number): void {
  const end = scene.starts[place + 1] ?? 0;
  const [x, y] = [scene.points[end - 2] ?? 0, scene.points[end - 1] ?? 0];
  context.moveTo(x, y);
  context.lineTo(x - 7, y - 3.5);
  context.lineTo(x - 7, y + 3.5);
  context.closePath();
}

const FLOW_WIDTH = 2;

/** Draws edges and, unless they are cards, nodes. The context is set to the layout's pixels. */
export function paintBase(context: CanvasRenderingContext2D, scene: Scene, area: Box, zoom: number, detail: Detail, colours: Colours, flow: Flow | null): void {
  const isSmall = detail === "boxes";
  const byStyle = new Map<LineStyle | "direct" | "assumed" | "stopped", number[]>();
  eachLine(scene, area, (place) => {
    const kind = flow?.edges[place] ?? "none";
    const style = kind === "none" ? (scene.styles[place] ?? "plain") : kind;
    const known = byStyle.get(style);
    if (known) known.push(place);
    else byStyle.set(style, [place]);
  });
  const stroke = (places: readonly number[] | undefined, colour: string, dashes: readonly number[], width: number): void => {
    if (!places) return;
    context.strokeStyle = context.fillStyle = colour;
    context.lineWidth = width;
    context.setLineDash(isSmall ? [] : dashes);
    context.beginPath();
    for (const place of places) trace(context, scene, place, isSmall);
    context.stroke();
    if (isSmall) return;
    context.beginPath();
    for (const place of places) arrow(context, scene, place);
    context.fill();
  };
  const width = isSmall ? 0.8 / zoom : Math.max(1.3, 0.9 / zoom);
  context.globalAlpha = isSmall ? 0.6 : 1;
  for (const style of LINE_STYLES) {
    stroke(byStyle.get(style), style === "added" ? colours.ok : style === "removed" ? colours.danger : colours.edge, DASHES[style], style === "added" || style === "removed" ? 2 * width : width);
  }
  context.globalAlpha = 1;
  stroke(byStyle.get("direct"), colours.flow, [], FLOW_WIDTH * width);
  stroke(byStyle.get("assumed"), colours.flow, DASHES.inferred, FLOW_WIDTH * width);
  stroke(byStyle.get("stopped"), colours.flow, DASHES.masked, width);
  context.setLineDash([]);
  if (!isSmall) paintWeights(context, scene, area, colours);
  if (detail !== "cards") paintBoxes(context, scene, scene.grid.within(area), zoom, detail === "names", colours, flow);
}

/** Numbers on edges that stand for several, or that pass hidden nodes. */
function paintWeights(context: CanvasRenderingContext2D, scene: Scene, area: Box, colours: Colours): void {
  context.font = `500 11px ${colours.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  eachLine(scene, area, (place) => {
    const edge = scene.graph.edges[place];
    if (!edge || (edge.weight < 2 && edge.passes === 0)) return;
    const [from, end] = [scene.starts[place] ?? 0, scene.starts[place + 1] ?? 0];
    // In the middle: of a line with corners, of its middle part.
    const middle = from + (end - from > 4 ? Math.floor((end - from) / 4) * 2 - 2 : 0);
    const x = ((scene.points[middle] ?? 0) + (scene.points[middle + (end - from > 4 ? 2 : end - from - 2)] ?? 0)) / 2;
    const y = ((scene.points[middle + 1] ?? 0) + (scene.points[middle + (end - from > 4 ? 3 : end - from - 1)] ?? 0)) / 2;
    const label = edge.passes > 0 ? `⊘ ${edge.passes}` : `×${edge.weight}`;
    const w = context.measureText(label).width + 8;
    context.fillStyle = colours.surface0;
    context.fillRect(x - w / 2, y - 8, w, 16);
    context.fillStyle = colours.muted;
    context.fillText(label, x, y + 0.5);
  });
}

/** Draws nodes as boxes. */
export function paintBoxes(context: CanvasRenderingContext2D, scene: Scene, places: Iterable<number>, zoom: number, withNames: boolean, colours: Colours, flow: Flow | null): void {
  context.lineWidth = 1 / zoom;
  const rounded = new Map<string, number[]>();
  for (const place of places) {
    const node = scene.graph.nodes[place];
    const isTagged = flow?.tagged[place] === true;
    const fill = isTagged ? colours.flowBack : node?.kind === "job" || node?.kind === "group" ? colours.surface2 : colours.surface1;
    const border = node?.change === "added" ? colours.ok : node?.change === "removed" ? colours.danger : isTagged || flow?.reached[place] ? colours.flow : node?.hops === 0 ? colours.accent : colours.edge;
    const key = `${fill}|${border}`;
    const known = rounded.get(key);
    if (known) known.push(place);
    else rounded.set(key, [place]);
  }
  for (const [key, members] of rounded) {
    const [fill = "", border = ""] = key.split("|");
    context.fillStyle = fill;
    context.strokeStyle = border;
    context.beginPath();
    for (const place of members) {
      const box = scene.boxes[place];
      if (box) context.rect(box.x, box.y, box.w, box.h);
    }
    context.fill();
    context.stroke();
  }
  if (!withNames) return;
  context.fillStyle = colours.text;
  context.font = `600 13px ${colours.font}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (const members of rounded.values()) {
    for (const place of members) {
      const box = scene.boxes[place];
      const name = scene.graph.nodes[place]?.name ?? "";
      const room = Math.floor(((box?.w ?? 0) - 20) / 7.6);
      if (box) context.fillText(name.length > room ? `…${name.slice(1 - room)}` : name, box.x + 10, box.y + 22);
    }
  }
}

/** Draws what is lit: its edges strong, and outlines around its nodes. */
export function paintLit(context: CanvasRenderingContext2D, scene: Scene, nodes: Iterable<number>, edges: Iterable<number>, area: Box, zoom: number, detail: Detail, colours: Colours, flow: Flow | null, isFaint: boolean): void {
  const isSmall = detail === "boxes";
  const lit = new Set(edges);
  context.strokeStyle = context.fillStyle = colours.accent;
  context.lineWidth = Math.max(2, (isFaint ? 1.5 : 2) / zoom);
  const within: number[] = [];
  eachLine(scene, area, (place) => { if (lit.has(place)) within.push(place); });
  for (const style of LINE_STYLES) {
    const places = within.filter((place) => scene.styles[place] === style);
    if (places.length === 0) continue;
    context.setLineDash(isSmall ? [] : [...DASHES[style]]);
    context.beginPath();
    for (const place of places) trace(context, scene, place, isSmall);
    context.stroke();
  }
  context.setLineDash([]);
  if (!isSmall) {
    context.beginPath();
    for (const place of within) arrow(context, scene, place);
    context.fill();
  }
  if (detail === "cards") return;
  const shown = [...nodes].filter((place) => scene.boxes[place] !== undefined);
  paintBoxes(context, scene, shown, zoom, detail === "names", colours, flow);
  context.strokeStyle = colours.accent;
  context.lineWidth = 2 / zoom;
  context.beginPath();
  for (const place of shown) {
    const box = scene.boxes[place];
    if (box) context.rect(box.x, box.y, box.w, box.h);
  }
  context.stroke();
}
