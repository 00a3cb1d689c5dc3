// The keyboard's cursor in the graph, and what screen readers are told of it: one tab stop, one item at a time that is
// made when the cursor comes to it (aria-activedescendant).
import type { Scene } from "../model/scene";
import type { Unit } from "../model/closure";
import type { Words } from "./words";

/** Where the cursor may go. */
export type Move = "up" | "down" | "left" | "right" | "home" | "end";

/** Returns the places of a layer from top to bottom. */
function layerOf(scene: Scene, place: number): number[] {
  const x = scene.boxes[place]?.x;
  const members = scene.boxes.flatMap((box, other) => (box.x === x ? [other] : []));
  return members.sort((a, b) => (scene.boxes[a]?.y ?? 0) - (scene.boxes[b]?.y ?? 0));
}

/** Returns where the cursor comes to. */
export function moved(scene: Scene, [place, field]: Unit, move: Move): Unit {
  if (move === "home") return [Math.max(0, scene.graph.nodes.findIndex((node) => node.hops === 0)), null];
  if (move === "left" || move === "right") {
    const steps = scene.walker.steps(place, field, move === "left" ? "up" : "down");
    const y = scene.boxes[place]?.y ?? 0;
    const far = ([other]: Unit): number => Math.abs((scene.boxes[other]?.y ?? 0) - y);
    return steps.reduce<Unit | null>((best, step) => (best === null || far(step) < far(best) ? step : best), null) ?? [place, field];
  }
  const layer = layerOf(scene, place);
  if (move === "end") return [layer.at(-1) ?? place, null];
  const fields = scene.graph.nodes[place]?.fields ?? [];
  const row = field === null ? -1 : fields.findIndex((one) => one.name === field);
  const next = row + (move === "down" ? 1 : -1);
  if (next >= -1 && next < fields.length && (move === "down" ? fields.length > 0 : row >= 0)) return [place, fields[next]?.name ?? null];
  const other = layer[layer.indexOf(place) + (move === "down" ? 1 : -1)];
  if (other === undefined) return [place, field];
  return [other, move === "up" ? (scene.graph.nodes[other]?.fields.at(-1)?.name ?? null) : null];
}

let made = 0;

/** The item that screen readers are at. */
export class TreeItem {
  readonly #tree: HTMLElement;
  readonly #box: HTMLElement;

  constructor(tree: HTMLElement, box: HTMLElement) {
    this.#tree = tree;
    this.#box = box;
  }

  /** Makes the item of a place. */
  show(scene: Scene, [place, field]: Unit, isSelected: boolean, isTagged: boolean, words: Words): void {
    const node = scene.graph.nodes[place];
    if (!node) return;
    const layer = layerOf(scene, place);
    const item = document.createElement("div");
    made += 1;
    item.id = `lineage-item-${made}`;
    item.setAttribute("role", "treeitem");
    item.setAttribute("aria-level", String(Math.abs(node.hops) + 1));
    item.setAttribute("aria-setsize", String(layer.length));
    item.setAttribute("aria-posinset", String(layer.indexOf(place) + 1));
    item.setAttribute("aria-selected", String(isSelected));
    if (node.kind === "group" || node.moreUp + node.moreDown + node.foldedUp + node.foldedDown > 0) item.setAttribute("aria-expanded", "false");
    item.textContent = words.node(node, field, scene.walker.steps(place, field, "up").length + node.moreUp, scene.walker.steps(place, field, "down").length + node.moreDown, isTagged);
    this.#box.replaceChildren(item);
    this.#tree.setAttribute("aria-activedescendant", item.id);
  }
}
