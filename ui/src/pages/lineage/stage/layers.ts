// The layers of the stage: two canvases larger than the view by a margin, and the cards' layer above them. Moving the
// camera shifts and scales what is drawn; only when the margin is used up it must be drawn anew.
import { type Camera, seen, type Size, toView } from "../model/geometry";
import styles from "./Stage.module.css";

const MARGIN = 180;
/** How far what is drawn may be scaled before it is drawn anew. */
const SCALE_MAX = 1.4;

/** Pixels of a canvas for each of the screen. */
export const pixelRatio = (): number => Math.min(2, devicePixelRatio);

/** The part of the layout that is drawn when the camera is somewhere. */
export const drawnArea = (camera: Camera, view: Size): ReturnType<typeof seen> => seen(camera, view, MARGIN);

/** The layers. */
export class Layers {
  readonly base = document.createElement("canvas");
  readonly top = document.createElement("canvas");
  readonly world = document.createElement("div");
  readonly all = [this.base, this.top, this.world] as const;

  constructor() {
    this.base.className = this.top.className = styles["canvas"] ?? "";
    this.base.classList.add(styles["base"] ?? "");
    this.world.className = styles["world"] ?? "";
  }

  resize({ w, h }: Size): void {
    for (const canvas of [this.base, this.top]) {
      canvas.width = (w + 2 * MARGIN) * pixelRatio();
      canvas.height = (h + 2 * MARGIN) * pixelRatio();
      canvas.style.width = `${w + 2 * MARGIN}px`;
      canvas.style.height = `${h + 2 * MARGIN}px`;
    }
  }

  /** Clears a canvas and sets it to the layout's pixels as a camera sees them. */
  context(name: "base" | "top", camera: Camera): CanvasRenderingContext2D | null {
    const canvas = this[name];
    const context = canvas.getContext("2d");
    const scale = pixelRatio() * camera.z;
    context?.setTransform(1, 0, 0, 1, 0, 0);
    context?.clearRect(0, 0, canvas.width, canvas.height);
    context?.setTransform(scale, 0, 0, scale, canvas.width / 2 - camera.x * scale, canvas.height / 2 - camera.y * scale);
    return context;
  }

  /** Moves what was drawn as `drawn` saw it to where `camera` sees it. */
  shift(drawn: Camera, camera: Camera, view: Size): void {
    const area = drawnArea(drawn, view);
    const corner = toView(camera, view, area.x, area.y);
    this.base.style.transform = this.top.style.transform = `translate(${corner.x}px, ${corner.y}px) scale(${camera.z / drawn.z})`;
    this.world.style.transform = `translate(${view.w / 2 - camera.x * camera.z}px, ${view.h / 2 - camera.y * camera.z}px) scale(${camera.z})`;
  }
}

/** Tells whether what was drawn still covers the view, sharply enough. */
export function covers(drawn: Camera, camera: Camera, view: Size): boolean {
  const ratio = camera.z / drawn.z;
  const [had, now] = [drawnArea(drawn, view), seen(camera, view, 0)];
  const isInside = now.x >= had.x && now.y >= had.y && now.x + now.w <= had.x + had.w && now.y + now.h <= had.y + had.h;
  return isInside && ratio <= SCALE_MAX && ratio >= 1 / SCALE_MAX;
}
