// Geometry of the view: the camera, what is seen, where edges run.
import type { Box } from "./graph";

/** What the view looks at: the point in its middle, and how many pixels of the screen a pixel of the layout is. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** The size of the view on the screen. */
export interface Size {
  readonly w: number;
  readonly h: number;
}

export const ZOOM_MIN = 0.02;
export const ZOOM_MAX = 2.5;

export const clampZoom = (z: number): number => Math.min(ZOOM_MAX, Math.max(ZOOM_MIN, z));

/** Returns the point of the layout that is seen at a point of the view. */
export function toWorld(camera: Camera, view: Size, x: number, y: number): { x: number; y: number } {
  return { x: camera.x + (x - view.w / 2) / camera.z, y: camera.y + (y - view.h / 2) / camera.z };
}

/** Returns where in the view a point of the layout is seen. */
export function toView(camera: Camera, view: Size, x: number, y: number): { x: number; y: number } {
  return { x: (x - camera.x) * camera.z + view.w / 2, y: (y - camera.y) * camera.z + view.h / 2 };
}

/** Zooms so that what is seen at a point of the view stays there. */
export function zoomAt(camera: Camera, view: Size, factor: number, x: number, y: number): Camera {
  const z = clampZoom(camera.z * factor);
  const fixed = toWorld(camera, view, x, y);
  return { x: fixed.x - (x - view.w / 2) / z, y: fixed.y - (y - view.h / 2) / z, z };
}

/** Returns the camera that shows a box whole, no larger than `most`. */
export function fit(box: Box, view: Size, margin: number, most = 1): Camera {
  const across = Math.max(1, view.w - 2 * margin) / Math.max(1, box.w);
  const down = Math.max(1, view.h - 2 * margin) / Math.max(1, box.h);
  return { x: box.x + box.w / 2, y: box.y + box.h / 2, z: clampZoom(Math.min(most, across, down)) };
}

/** Returns the part of the layout that the view shows, with a margin in pixels of the screen. */
export function seen(camera: Camera, view: Size, margin: number): Box {
  const w = (view.w + 2 * margin) / camera.z;
  const h = (view.h + 2 * margin) / camera.z;
  return { x: camera.x - w / 2, y: camera.y - h / 2, w, h };
}

export const overlaps = (a: Box, b: Box): boolean => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

/** Returns the smallest box around boxes; an empty one around none. */
export function around(boxes: Iterable<Box>): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const box of boxes) {
    left = Math.min(left, box.x);
    top = Math.min(top, box.y);
    right = Math.max(right, box.x + box.w);
    bottom = Math.max(bottom, box.y + box.h);
  }
  return left > right ? { x: 0, y: 0, w: 0, h: 0 } : { x: left, y: top, w: right - left, h: bottom - top };
}

/** Returns the square of the distance from a point to a line between two points. */
export function distanceToLine(px: number, py: number, ax: number, ay: number, bx: number, by: number): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / length));
  return (px - ax - t * dx) ** 2 + (py - ay - t * dy) ** 2;
}
