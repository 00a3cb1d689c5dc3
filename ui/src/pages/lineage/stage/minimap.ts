// The minimap: everything, small, and what of it is seen. Pressing or dragging in it moves the view.
import { fit, toView, type Camera, type Size } from "../model/geometry";
import type { Flow } from "../model/flow";
import type { Box } from "../model/graph";
import type { Scene } from "../model/scene";
import type { Colours } from "./colours";
import styles from "./Stage.module.css";

const SIZE: Size = { w: 184, h: 116 };
const MARGIN = 6;
/** Below so many nodes there is nothing to find. */
const NODES_MIN = 30;

/** The minimap. */
export class Minimap {
  readonly root = document.createElement("div");
  readonly #canvas = document.createElement("canvas");
  readonly #frame = document.createElement("div");
  #camera: Camera = { x: 0, y: 0, z: 1 };

  constructor(onGo: (x: number, y: number) => void) {
    this.root.className = styles["minimap"] ?? "";
    this.#frame.className = styles["frame"] ?? "";
    this.root.append(this.#canvas, this.#frame);
    this.root.setAttribute("aria-hidden", "true");
    const go = (event: PointerEvent): void => {
      event.stopPropagation();
      if (event.buttons === 0) return;
      const { left, top } = this.root.getBoundingClientRect();
      onGo(this.#camera.x + (event.clientX - left - SIZE.w / 2) / this.#camera.z, this.#camera.y + (event.clientY - top - SIZE.h / 2) / this.#camera.z);
    };
    this.root.addEventListener("pointerdown", (event) => {
      this.root.setPointerCapture(event.pointerId);
      go(event);
    });
    this.root.addEventListener("pointermove", go);
    for (const name of ["pointerup", "click", "dblclick"]) this.root.addEventListener(name, (event) => { event.stopPropagation(); });
  }

  /** Draws everything anew. */
  paint(scene: Scene, colours: Colours, flow: Flow | null, ratio: number): void {
    this.root.hidden = scene.boxes.length < NODES_MIN;
    if (this.root.hidden) return;
    this.#canvas.width = SIZE.w * ratio;
    this.#canvas.height = SIZE.h * ratio;
    this.#camera = fit(scene.whole, SIZE, MARGIN);
    const context = this.#canvas.getContext("2d");
    if (!context) return;
    context.scale(ratio, ratio);
    const draw = (colour: string, isOne: (place: number) => boolean): void => {
      context.fillStyle = colour;
      scene.boxes.forEach((box, place) => {
        if (!isOne(place)) return;
        const at = toView(this.#camera, SIZE, box.x, box.y);
        context.fillRect(at.x, at.y, Math.max(1.5, box.w * this.#camera.z), Math.max(1, box.h * this.#camera.z));
      });
    };
    draw(colours.edge, () => true);
    if (flow) draw(colours.flow, (place) => flow.tagged[place] === true);
    draw(colours.accent, (place) => scene.graph.nodes[place]?.hops === 0);
  }

  /** Shows what is seen. */
  frame(area: Box): void {
    if (this.root.hidden) return;
    const from = toView(this.#camera, SIZE, area.x, area.y);
    const to = toView(this.#camera, SIZE, area.x + area.w, area.y + area.h);
    const [left, top] = [Math.max(0, from.x), Math.max(0, from.y)];
    this.#frame.style.translate = `${left}px ${top}px`;
    this.#frame.style.width = `${Math.max(3, Math.min(SIZE.w, to.x) - left)}px`;
    this.#frame.style.height = `${Math.max(3, Math.min(SIZE.h, to.y) - top)}px`;
  }
}
