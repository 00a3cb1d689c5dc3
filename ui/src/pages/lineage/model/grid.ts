// A uniform grid over boxes: which of thousands are in a rectangle, or at a point, without looking at all of them.
import type { Box } from "./graph";
import { overlaps } from "./geometry";

/** The grid. */
export interface Grid {
  /** Places of the boxes that touch a rectangle, in order. */
  within(this: void, area: Box): number[];
  /** The last box that a point lies in, or -1. */
  at(this: void, x: number, y: number): number;
}

const CELL = 400;
/** Cells at most; larger layouts get larger cells. */
const CELLS_MAX = 200_000;

/** Makes a grid. */
export function makeGrid(boxes: readonly Box[], whole: Box): Grid {
  const cell = Math.max(CELL, Math.sqrt((whole.w * whole.h) / CELLS_MAX));
  const columns = Math.max(1, Math.ceil(whole.w / cell) + 1);
  const rows = Math.max(1, Math.ceil(whole.h / cell) + 1);
  const clamp = (value: number, most: number): number => Math.min(most - 1, Math.max(0, Math.floor(value)));
  const span = (box: Box): [number, number, number, number] => [
    clamp((box.x - whole.x) / cell, columns), clamp((box.y - whole.y) / cell, rows),
    clamp((box.x + box.w - whole.x) / cell, columns), clamp((box.y + box.h - whole.y) / cell, rows),
  ];
  // Places cell after cell in one array: counted first, then filled.
  const starts = new Uint32Array(columns * rows + 1);
  const each = (box: Box, call: (index: number) => void): void => {
    const [left, top, right, bottom] = span(box);
    for (let row = top; row <= bottom; row += 1) for (let column = left; column <= right; column += 1) call(row * columns + column);
  };
  for (const box of boxes) each(box, (index) => { starts[index + 1] = (starts[index + 1] ?? 0) + 1; });
  for (let index = 0; index < columns * rows; index += 1) starts[index + 1] = (starts[index + 1] ?? 0) + (starts[index] ?? 0);
  const ends = starts.slice();
  const held = new Uint32Array(starts[columns * rows] ?? 0);
  boxes.forEach((box, place) => {
    each(box, (index) => {
      const free = ends[index] ?? 0;
      held[free] = place;
      ends[index] = free + 1;
    });
  });
  const inArea = (area: Box): number[] => {
    const found = new Set<number>();
    each(area, (index) => {
      for (let at = starts[index] ?? 0; at < (starts[index + 1] ?? 0); at += 1) {
        const place = held[at] ?? 0;
        const box = boxes[place];
        if (box && overlaps(box, area)) found.add(place);
      }
    });
    return [...found].sort((a, b) => a - b);
  };
  return { within: inArea, at: (x, y) => inArea({ x, y, w: 1e-6, h: 1e-6 }).at(-1) ?? -1 };
}
