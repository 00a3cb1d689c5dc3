// Sizes of cards and where edges attach, by the same measures as the server's layout (src/lineage/layout/size.rs), for
// the nodes that it did not place.
import type { GraphNode } from "./graph";

export const HEAD = 44;
export const ROW = 20;
const FOOT = 6;
export const LETTER = 7.6;
export const TRIM = 44;
const WIDTH_MIN = 120;
const WIDTH_MAX = 300;

/** Space between layers, and between cards in one. */
export const LAYER_GAP = 90;
export const CARD_GAP = 18;

/** Returns the size of a node's card. */
export function sizeOf(node: GraphNode): { w: number; h: number } {
  if (node.byHand) return { w: 40, h: 20 };
  const longest = Math.max(node.name.length, ...node.fields.map((field) => field.name.length), node.kind === "group" ? 16 : 0);
  const w = Math.ceil(Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, longest * LETTER + TRIM)));
  const head = node.kind === "hidden" ? HEAD - 12 : HEAD;
  return { w, h: head + node.fields.length * ROW + (node.fields.length > 0 ? FOOT : 0) };
}

/** Returns how far below a card's upper side an edge to a field, or to the whole, attaches. */
export function portOf(node: GraphNode, height: number, field: string | null): number {
  if (node.fields.length === 0) return height / 2;
  const row = field === null ? -1 : node.fields.findIndex((one) => one.name === field);
  return row < 0 ? HEAD / 2 : HEAD + (row + 0.5) * ROW;
}
