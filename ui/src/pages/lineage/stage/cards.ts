// Cards: the readable nodes, as elements of the page that are used again and again. Only those in view are there.
import { HEAD, LETTER, ROW, TRIM } from "../model/sizes";
import type { Box, GraphNode } from "../model/graph";
import { fieldKey } from "../model/closure";
import type { Flow } from "../model/flow";
import type { Scene } from "../model/scene";
import { makeIcon } from "./icons";
import styles from "./Stage.module.css";
import type { Words } from "./words";

/** Rows of a card that are drawn beyond what is seen. */
const ROWS_AROUND = 4;
/** The share of a card's width that the end of a long name gets. */
const TAIL = 0.7;

/** What cards show beside the nodes themselves. */
export interface Marks {
  readonly selected: number;
  readonly selectedField: string | null;
  readonly cursor: number;
  readonly cursorField: string | null;
  /** Nodes that are not dimmed; null for all. */
  readonly pinned: ReadonlySet<number> | null;
  /** Columns that are lit. */
  readonly fields: readonly (ReadonlySet<string> | undefined)[];
  readonly hits: ReadonlySet<number>;
  readonly flow: Flow | null;
}

interface Card {
  readonly root: HTMLElement;
  readonly icon: ReturnType<typeof makeIcon>;
  readonly head: HTMLElement;
  readonly tail: HTMLElement;
  readonly below: HTMLElement;
  readonly rows: HTMLElement;
  readonly handles: readonly [HTMLElement, HTMLElement];
  node: GraphNode | null;
  rowsShown: string;
}

const element = (name: string, className: string | undefined, parent?: Element): HTMLElement => {
  const made = document.createElement(name);
  made.className = className ?? "";
  parent?.append(made);
  return made;
};

/** The pool of cards. */
export class Cards {
  readonly #world: HTMLElement;
  readonly #shown = new Map<number, Card>();
  readonly #free: Card[] = [];
  #scene: Scene | null = null;

  constructor(world: HTMLElement) {
    this.#world = world;
  }

  /** Shows some nodes as cards, and no others. */
  show(scene: Scene, places: readonly number[], area: Box, marks: Marks, words: Words): void {
    if (scene !== this.#scene) this.#rename(scene);
    this.#scene = scene;
    const wanted = new Set(places);
    for (const [place, card] of this.#shown) {
      if (!wanted.has(place)) this.#put(place, card);
    }
    for (const place of places) {
      const node = scene.graph.nodes[place];
      const box = scene.boxes[place];
      if (!node || !box) continue;
      const card = this.#shown.get(place) ?? this.#take(place);
      if (card.node !== node) this.#fill(card, node, box, scene, place, words);
      this.#fillRows(card, node, box, area);
      mark(card, place, node, marks);
    }
  }

  /** Keeps the cards of nodes that another scene has too, under their places there. */
  #rename(scene: Scene): void {
    const cards = [...this.#shown];
    this.#shown.clear();
    for (const [place, card] of cards) {
      const now = scene.places.get(card.node?.id ?? "");
      if (now === undefined) this.#put(place, card);
      else {
        card.root.dataset["place"] = String(now);
        this.#shown.set(now, card);
      }
    }
  }

  /** Takes all cards away. */
  clear(): void {
    for (const [place, card] of this.#shown) this.#put(place, card);
  }

  #take(place: number): Card {
    const card = this.#free.pop() ?? makeCard();
    card.root.dataset["place"] = String(place);
    this.#world.append(card.root);
    this.#shown.set(place, card);
    return card;
  }

  #put(place: number, card: Card): void {
    card.root.remove();
    card.node = null;
    if (this.#shown.get(place) === card) this.#shown.delete(place);
    this.#free.push(card);
  }

  #fill(card: Card, node: GraphNode, box: Box, scene: Scene, place: number, words: Words): void {
    card.node = node;
    card.rowsShown = "";
    card.rows.replaceChildren();
    const { style, dataset } = card.root;
    style.translate = `${box.x}px ${box.y}px`;
    style.width = `${box.w}px`;
    style.height = `${box.h}px`;
    dataset["kind"] = node.byHand ? "knot" : node.kind;
    dataset["focus"] = String(node.hops === 0);
    dataset["change"] = node.change ?? "";
    dataset["deleted"] = String(node.deleted);
    card.icon.show(node.kind);
    const name = words.name(node);
    card.root.title = node.namespace === "" ? name : `${name}\n${node.namespace}`;
    // Both ends of a name tell things apart; of a path the last parts do most.
    const room = Math.floor((box.w - TRIM) / LETTER);
    const tail = name.length > room ? Math.floor(room * TAIL) : 0;
    card.head.textContent = tail > 0 ? name.slice(0, -tail) : name;
    card.tail.textContent = tail > 0 ? name.slice(-tail) : "";
    card.below.textContent = words.below(node);
    (["up", "down"] as const).forEach((side, at) => {
      const handle = card.handles[at];
      if (!handle) return;
      const more = side === "up" ? node.foldedUp + node.moreUp : node.foldedDown + node.moreDown;
      const hasNear = scene.walker.steps(place, null, side).length > 0;
      handle.textContent = more > 0 ? `+${more >= 1000 ? "1k" : more}` : "−";
      handle.title = more > 0 ? words.expand(more) : words.fold;
      handle.hidden = node.kind === "hidden" || node.kind === "group" || (more === 0 && (!hasNear || node.hops * (side === "up" ? 1 : -1) > 0));
      handle.dataset["quiet"] = String(more === 0);
    });
  }

  #fillRows(card: Card, node: GraphNode, box: Box, area: Box): void {
    if (node.fields.length === 0) return;
    const from = Math.max(0, Math.floor((area.y - box.y - HEAD) / ROW) - ROWS_AROUND);
    const to = Math.min(node.fields.length, Math.ceil((area.y + area.h - box.y - HEAD) / ROW) + ROWS_AROUND);
    if (card.rowsShown === `${from} ${to}`) return;
    card.rowsShown = `${from} ${to}`;
    card.rows.replaceChildren(...node.fields.slice(from, to).map((field, at) => {
      const row = element("div", styles["row"]);
      row.style.top = `${(from + at) * ROW}px`;
      row.dataset["field"] = field.name;
      row.textContent = field.name;
      row.title = field.name;
      return row;
    }));
  }
}

function makeCard(): Card {
  const root = element("div", styles["card"]);
  const top = element("div", styles["top"], root);
  const icon = makeIcon();
  top.append(icon.element);
  const names = element("div", styles["names"], top);
  const name = element("div", styles["name"], names);
  const head = element("span", styles["nameHead"], name);
  const tail = element("span", styles["nameTail"], name);
  const below = element("div", styles["below"], names);
  const rows = element("div", styles["rows"], root);
  const handle = (side: string): HTMLElement => {
    const made = element("div", styles["handle"], root);
    made.dataset["side"] = side;
    return made;
  };
  return { root, icon, head, tail, below, rows, handles: [handle("up"), handle("down")], node: null, rowsShown: "" };
}

function mark(card: Card, place: number, node: GraphNode, marks: Marks): void {
  const { dataset } = card.root;
  const set = (name: string, holds: boolean): void => {
    const value = String(holds);
    if (dataset[name] !== value) dataset[name] = value;
  };
  set("selected", place === marks.selected);
  set("cursor", place === marks.cursor && marks.cursorField === null);
  set("dim", marks.pinned !== null && !marks.pinned.has(place));
  set("hit", marks.hits.has(place));
  set("tagged", marks.flow?.tagged[place] === true);
  set("reached", marks.flow?.reached[place] === true);
  if (node.fields.length === 0) return;
  for (const row of card.rows.children) {
    if (!(row instanceof HTMLElement)) continue;
    const field = row.dataset["field"] ?? "";
    row.dataset["lit"] = String(marks.fields.some((fields) => fields?.has(fieldKey(place, field))));
    row.dataset["cursor"] = String(place === marks.cursor && field === marks.cursorField);
    row.dataset["selected"] = String(place === marks.selected && field === marks.selectedField);
  }
}
