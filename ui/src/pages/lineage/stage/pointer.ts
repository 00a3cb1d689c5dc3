// Pointer, wheel and arrow keys on the stage: pan, zoom, pinch, select, open.
import type { Camera } from "../model/geometry";
import type { Move } from "./cursor";
import type { Stage, StageEvents } from "./stage";

const DRAG_PIXELS = 4;
const MOVES: Record<string, Move> = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right", Home: "home", End: "end" };
const ZOOM_STEP = 1.25;

interface Point {
  x: number;
  y: number;
}

/** Begins to listen. Returns how to stop. */
export function listenTo(root: HTMLElement, stage: Stage, events: StageEvents): () => void {
  const abort = new AbortController();
  const on = <K extends keyof HTMLElementEventMap>(name: K, call: (event: HTMLElementEventMap[K]) => void, passive?: boolean): void => {
    root.addEventListener(name, call, { signal: abort.signal, ...(passive === undefined ? {} : { passive }) });
  };
  const pointers = new Map<number, Point>();
  let start: { at: Point; camera: Camera; span: number } | null = null;
  let isDragging = false;
  const inView = (event: MouseEvent): Point => {
    const { left, top } = root.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const middle = (): { at: Point; span: number } => {
    const [a = { x: 0, y: 0 }, b = a] = pointers.values();
    return { at: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, span: Math.hypot(a.x - b.x, a.y - b.y) };
  };
  const begin = (): void => { start = { ...middle(), camera: stage.camera }; };

  on("pointerdown", (event) => {
    if (event.button > 1) return;
    pointers.set(event.pointerId, inView(event));
    if (pointers.size === 1) isDragging = false;
    begin();
  });
  on("pointermove", (event) => {
    const at = inView(event);
    if (!pointers.has(event.pointerId) || !start) {
      point(stage, event, at);
      return;
    }
    pointers.set(event.pointerId, at);
    const now = middle();
    if (!isDragging && pointers.size < 2 && Math.hypot(now.at.x - start.at.x, now.at.y - start.at.y) < DRAG_PIXELS) return;
    if (!isDragging) {
      isDragging = true;
      root.setPointerCapture(event.pointerId);
      root.dataset["panning"] = "true";
      stage.hover(null, -1, 0, 0);
    }
    const { camera } = start;
    const z = pointers.size > 1 && start.span > 0 ? camera.z * (now.span / start.span) : camera.z;
    const { w, h } = stage.size;
    // What was under the fingers at the start stays under them.
    const held = { x: camera.x + (start.at.x - w / 2) / camera.z, y: camera.y + (start.at.y - h / 2) / camera.z };
    stage.look({ x: held.x - (now.at.x - w / 2) / z, y: held.y - (now.at.y - h / 2) / z, z });
  });
  const end = (event: PointerEvent): void => {
    pointers.delete(event.pointerId);
    root.dataset["panning"] = "false";
    if (pointers.size > 0) begin();
    else start = null;
  };
  on("pointerup", end);
  on("pointercancel", end);
  on("pointerleave", () => { if (pointers.size === 0) stage.hover(null, -1, 0, 0); });
  on("click", (event) => {
    if (isDragging) {
      isDragging = false;
      return;
    }
    const target = targetOf(stage, event, inView(event));
    if (target.side) events.onHandle(target.place, target.side, event.shiftKey);
    else if (target.place >= 0) events.onSelect(target.place, target.field, event.shiftKey);
    else if (target.edge >= 0) events.onEdge(target.edge);
    else events.onClear();
  });
  on("dblclick", (event) => {
    const target = targetOf(stage, event, inView(event));
    if (target.place >= 0 && !target.side) events.onOpen(target.place);
  });
  on("wheel", (event) => {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 24 : 1;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    const at = inView(event);
    if (event.shiftKey || Math.abs(dx) > Math.abs(dy)) {
      const { camera } = stage;
      stage.look({ ...camera, x: camera.x + (dx || dy) / camera.z });
    } else stage.zoom(Math.exp(-Math.max(-200, Math.min(200, dy)) * (event.ctrlKey ? 0.01 : 0.0022)), at.x, at.y);
  }, false);
  on("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = MOVES[event.key];
    if (move) stage.move(move);
    else if (event.key === "Enter" || event.key === " ") {
      if (stage.cursor) events.onSelect(...stage.cursor, event.shiftKey);
    } else if (event.key === "Escape") events.onClear();
    else return;
    event.preventDefault();
  });
  return () => { abort.abort(); };
}

interface Target {
  place: number;
  field: string | null;
  side: "up" | "down" | null;
  edge: number;
}

function targetOf(stage: Stage, event: MouseEvent, at: Point): Target {
  const element = event.target instanceof Element ? event.target : null;
  const card = element?.closest<HTMLElement>("[data-place]");
  if (card) {
    const side = element?.closest<HTMLElement>("[data-side]")?.dataset["side"];
    const field = element?.closest<HTMLElement>("[data-field]")?.dataset["field"] ?? null;
    return { place: Number(card.dataset["place"]), field, side: side === "up" || side === "down" ? side : null, edge: -1 };
  }
  return { ...stage.at(at.x, at.y), field: null, side: null };
}

function point(stage: Stage, event: PointerEvent, at: Point): void {
  const target = targetOf(stage, event, at);
  stage.hover(target.place >= 0 ? [target.place, target.field] : null, target.edge, at.x, at.y);
}

/** The steps of the zoom keys. */
export const zoomIn = (stage: Stage): void => { stage.zoom(ZOOM_STEP); };
export const zoomOut = (stage: Stage): void => { stage.zoom(1 / ZOOM_STEP); };
