// The stage: draws a scene and moves over it without React. Two canvases (edges; what is lit) under a layer of cards.
// Panning moves the layers by one transform each; they are drawn anew only when their margin is used up.
import type { Lit, Unit } from "../model/closure";
import type { Flow } from "../model/flow";
import { type Camera, clampZoom, fit, overlaps, seen, type Size, toWorld, zoomAt } from "../model/geometry";
import { lineAt, type Scene } from "../model/scene";
import { Cards, type Marks } from "./cards";
import { type Colours, onColours, readColours } from "./colours";
import { type Move, moved, TreeItem } from "./cursor";
import { covers, drawnArea, Layers, pixelRatio } from "./layers";
import { Minimap } from "./minimap";
import { type Detail, paintBase, paintLit } from "./paint";
import { listenTo } from "./pointer";
import styles from "./Stage.module.css";
import type { Words } from "./words";

/** What somebody does on the stage. */
export interface StageEvents {
  onSelect(place: number, field: string | null, isSecond: boolean): void;
  onEdge(place: number): void;
  onClear(): void;
  onOpen(place: number): void;
  onHandle(place: number, side: "up" | "down", isWholeLevel: boolean): void;
}

/** What is laid over the scene. */
export interface Overlay {
  readonly selected: Unit | null;
  readonly pinned: Lit | null;
  readonly hits: ReadonlySet<number>;
  readonly flow: Flow | null;
  readonly tone: "pii" | "special" | "plain" | null;
}

const CARDS_MAX = 160;
const NAMES_MAX = 400;
const CARDS_ZOOM = 0.45;
const NAMES_ZOOM = 0.3;
const BEGIN_ZOOM = 0.9;
const IDLE_MILLISECONDS = 140;
const NO_OVERLAY: Overlay = { selected: null, pinned: null, hits: new Set(), flow: null, tone: null };

/** The stage. */
export class Stage {
  readonly #root: HTMLElement;
  readonly #layers = new Layers();
  readonly #probe = document.createElement("span");
  readonly #tip = document.createElement("div");
  readonly #cards = new Cards(this.#layers.world);
  readonly #item: TreeItem;
  readonly #minimap = new Minimap((x, y) => { this.look({ ...this.#camera, x, y }); });
  readonly #stops: (() => void)[] = [];
  #words: Words;
  #scene: Scene | null = null;
  #overlay = NO_OVERLAY;
  #colours: Colours;
  #size: Size = { w: 1, h: 1 };
  #camera: Camera = { x: 0, y: 0, z: 1 };
  #painted: Camera | null = null;
  #detail: Detail = "boxes";
  #hover: Unit | null = null;
  #hoverEdge = -1;
  #cursor: Unit | null = null;
  #isBegun = false;
  #isBaseOld = true;
  #isTopOld = true;
  #frame = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(root: HTMLElement, words: Words, events: StageEvents) {
    this.#root = root;
    this.#words = words;
    const items = document.createElement("div");
    this.#item = new TreeItem(root, items);
    for (const [child, name] of [[this.#probe, "probe"], [this.#tip, "tip"], [items, "items"]] as const) child.className = styles[name] ?? "";
    for (const part of [...this.#layers.all, this.#probe, this.#tip]) part.setAttribute("aria-hidden", "true");
    this.#tip.hidden = true;
    root.replaceChildren(...this.#layers.all, this.#minimap.root, this.#probe, this.#tip, items);
    this.#colours = readColours(this.#probe, "plain");
    const observer = new ResizeObserver(() => { this.#resized(); });
    observer.observe(root);
    this.#stops.push(() => { observer.disconnect(); }, onColours(() => { this.#recolour(); }), listenTo(root, this, events));
  }

  /** Ends it. */
  stop(): void {
    this.#stops.forEach((stop) => { stop(); });
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#idle);
    this.#root.replaceChildren();
  }

  get scene(): Scene | null { return this.#scene; }
  get camera(): Camera { return this.#camera; }
  get size(): Size { return this.#size; }
  get cursor(): Unit | null { return this.#cursor; }

  /** Shows a scene. What is at `anchor` in both stays where it is on the screen; without it, `camera` or the best view. */
  show(scene: Scene, anchor: string | null, camera: Camera | null): void {
    const before = this.#scene;
    const old = before?.boxes[before.places.get(anchor ?? "") ?? -1];
    const now = scene.boxes[scene.places.get(anchor ?? "") ?? -1];
    const at = this.#cursor && before?.graph.nodes[this.#cursor[0]]?.id;
    this.#scene = scene;
    this.#hover = null;
    this.#hoverEdge = -1;
    const place = scene.places.get(at ?? "") ?? scene.graph.nodes.findIndex((node) => node.hops === 0);
    this.#cursor = place < 0 ? null : [place, this.#cursor?.[1] ?? null];
    this.#tellCursor();
    this.#minimap.paint(scene, this.#colours, this.#overlay.flow, pixelRatio());
    this.#isBaseOld = true;
    if (old && now) this.look({ ...this.#camera, x: this.#camera.x + now.x - old.x, y: this.#camera.y + now.y - old.y });
    else if (camera) {
      this.#isBegun = true;
      this.look(camera);
    }
    else this.begin();
  }

  /** Lays something over the scene. */
  lay(overlay: Overlay): void {
    const changed = overlay.flow !== this.#overlay.flow || overlay.tone !== this.#overlay.tone;
    this.#overlay = overlay;
    this.#root.dataset["pinned"] = String(overlay.pinned !== null);
    if (overlay.tone) this.#root.dataset["tone"] = overlay.tone;
    else delete this.#root.dataset["tone"];
    if (changed) this.#recolour();
    if (overlay.selected) this.#cursor = overlay.selected;
    this.#isTopOld = true;
    this.#tellCursor();
    this.#ask();
  }

  /** Speaks another language. */
  speak(words: Words): void {
    this.#words = words;
    this.#cards.clear();
    this.#isBaseOld = true;
    this.#ask();
  }

  /** Moves the camera. */
  look(camera: Camera): void {
    this.#camera = { ...camera, z: clampZoom(camera.z) };
    this.#root.dataset["moving"] = "true";
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      this.#root.dataset["moving"] = "false";
      if (this.#painted?.z !== this.#camera.z) this.#isBaseOld = true;
      this.#ask();
    }, IDLE_MILLISECONDS);
    this.#ask();
  }

  /** Zooms at a point of the view, or at its middle. */
  zoom(factor: number, x = this.#size.w / 2, y = this.#size.h / 2): void {
    this.look(zoomAt(this.#camera, this.#size, factor, x, y));
  }

  /** Shows everything. */
  fit(): void {
    if (this.#scene) this.look(fit(this.#scene.whole, this.#size, 32));
  }

  /** Shows everything, or where that would be too small to read, the surroundings of the focus. */
  begin(): void {
    this.#isBegun = this.#size.w > 1;
    this.fit();
    if (this.#camera.z < CARDS_ZOOM && this.#cursor) this.reveal(this.#cursor[0], true);
  }

  /** Brings a node into view, moving no more than needed. */
  reveal(place: number, isCentred = false): void {
    const box = this.#scene?.boxes[place];
    if (!box) return;
    const area = seen(this.#camera, this.#size, -40);
    const isSeen = box.x >= area.x && box.y >= area.y && box.x + box.w <= area.x + area.w && box.y + Math.min(box.h, 80) <= area.y + area.h;
    if (!isSeen || isCentred) this.look({ x: box.x + box.w / 2, y: box.y + Math.min(box.h, this.#size.h / this.#camera.z) / 2, z: isCentred ? Math.max(this.#camera.z, BEGIN_ZOOM) : this.#camera.z });
  }

  /** Moves the keyboard's cursor. */
  move(move: Move): void {
    if (!this.#scene || !this.#cursor) return;
    this.point(moved(this.#scene, this.#cursor, move));
  }

  /** Puts the keyboard's cursor somewhere. */
  point(unit: Unit): void {
    this.#cursor = unit;
    this.reveal(unit[0]);
    this.hover(unit, -1, 0, 0);
    this.#tellCursor();
  }

  /** Lights up what the pointer is over: a node or one of its columns, or an edge. */
  hover(unit: Unit | null, edge: number, x: number, y: number): void {
    const told = edge < 0 ? null : this.#scene?.graph.edges[edge];
    this.#tip.hidden = !told;
    if (told) {
      this.#tip.textContent = this.#words.edge(told);
      this.#tip.style.translate = `${Math.min(x + 14, this.#size.w - 240)}px ${Math.min(y + 14, this.#size.h - 60)}px`;
    }
    if (unit?.[0] === this.#hover?.[0] && unit?.[1] === this.#hover?.[1] && edge === this.#hoverEdge) return;
    this.#hover = unit;
    this.#hoverEdge = edge;
    this.#root.dataset["over"] = String(unit !== null || edge >= 0);
    this.#isTopOld = true;
    this.#ask();
  }

  /** Returns the node, or the edge, at a point of the view. */
  at(x: number, y: number): { place: number; edge: number } {
    if (!this.#scene) return { place: -1, edge: -1 };
    const point = toWorld(this.#camera, this.#size, x, y);
    const place = this.#scene.grid.at(point.x, point.y);
    return { place, edge: place >= 0 ? -1 : lineAt(this.#scene, point.x, point.y, 6 / this.#camera.z) };
  }

  #tellCursor(): void {
    if (!this.#scene || !this.#cursor) return;
    const [place] = this.#cursor;
    this.#item.show(this.#scene, this.#cursor, this.#overlay.selected?.[0] === place, this.#overlay.flow?.tagged[place] === true, this.#words);
    this.#isTopOld = true;
    this.#ask();
  }

  #resized(): void {
    const { clientWidth: w, clientHeight: h } = this.#root;
    this.#size = { w: Math.max(1, w), h: Math.max(1, h) };
    this.#layers.resize(this.#size);
    this.#isBaseOld = true;
    if (!this.#isBegun && this.#scene) this.begin();
    this.#draw();
  }

  #recolour(): void {
    this.#colours = readColours(this.#probe, this.#overlay.tone ?? "plain");
    if (this.#scene) this.#minimap.paint(this.#scene, this.#colours, this.#overlay.flow, pixelRatio());
    this.#isBaseOld = true;
    this.#ask();
  }

  #ask(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => { this.#draw(); });
  }

  #draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const scene = this.#scene;
    if (!scene || this.#size.w <= 1) return;
    if (this.#isBaseOld || !this.#painted || !covers(this.#painted, this.#camera, this.#size)) this.#paint(scene);
    if (this.#isTopOld) this.#light(scene);
    this.#layers.shift(this.#painted ?? this.#camera, this.#camera, this.#size);
    this.#minimap.frame(seen(this.#camera, this.#size, 0));
    performance.mark("lineage-drawn");
  }

  #paint(scene: Scene): void {
    this.#painted = this.#camera;
    // Lines of cards stay a pixel wide, however small the cards are.
    this.#layers.world.style.setProperty("--line", `${Math.max(1, 1 / this.#camera.z)}px`);
    this.#isBaseOld = false;
    this.#isTopOld = true;
    const area = drawnArea(this.#camera, this.#size);
    const count = this.#camera.z < NAMES_ZOOM ? Infinity : scene.grid.within(area).length;
    this.#detail = this.#camera.z >= CARDS_ZOOM && count <= CARDS_MAX ? "cards" : count <= NAMES_MAX ? "names" : "boxes";
    const context = this.#layers.context("base", this.#camera);
    if (context) paintBase(context, scene, area, this.#camera.z, this.#detail, this.#colours, this.#overlay.flow);
  }

  #light(scene: Scene): void {
    this.#isTopOld = false;
    const painted = this.#painted ?? this.#camera;
    const area = drawnArea(painted, this.#size);
    const { pinned, selected, hits, flow } = this.#overlay;
    const context = this.#layers.context("top", painted);
    const near = this.#hover ? scene.walker.near(...this.#hover) : null;
    if (context) {
      if (pinned) paintLit(context, scene, pinned.nodes, pinned.edges, area, painted.z, this.#detail, this.#colours, flow, false);
      if (near) paintLit(context, scene, near.nodes, near.edges, area, painted.z, this.#detail, this.#colours, flow, true);
      if (this.#hoverEdge >= 0) paintLit(context, scene, [], [this.#hoverEdge], area, painted.z, this.#detail, this.#colours, flow, true);
    }
    const [cursor, cursorField] = this.#cursor ?? [-1, null];
    const marks: Marks = { selected: selected?.[0] ?? -1, selectedField: selected?.[1] ?? null, cursor, cursorField, pinned: pinned?.nodes ?? null, fields: [pinned?.fields, near?.fields], hits, flow };
    // The node with the keyboard's cursor is a card even where the others are too many.
    const places = this.#detail === "cards" ? scene.grid.within(area) : cursor >= 0 && scene.boxes[cursor] && overlaps(scene.boxes[cursor], area) && painted.z >= NAMES_ZOOM ? [cursor] : [];
    this.#cards.show(scene, places, area, marks, this.#words);
  }
}
