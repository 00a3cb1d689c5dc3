// From the answers of the server to what is shown, step by step: expanded, folded, hidden, grouped, placed.
import type { Api } from "#/api";
import { arrange } from "./arrange";
import { fold } from "./fold";
import type { Graph, GraphNode } from "./graph";
import { collapse, foldEnds, GROUP_ABOVE, type Grouping, groupOf } from "./group";
import { hide } from "./hide";
import { merge, mergePath } from "./merge";
import { place } from "./place";
import { readSided, type Side } from "./sided";

/** What the view says of what is shown. */
export interface Wishes {
  readonly group: Grouping | "auto";
  readonly open: readonly string[];
  readonly fold: readonly string[];
  readonly hide: readonly string[];
  /** Shows only these, and what lies between them; null for all. */
  readonly only: ReadonlySet<string> | null;
}

/** An answer about the surroundings of a node. */
export interface Expansion {
  readonly id: string;
  readonly side: Side;
  readonly graph: Graph;
}

/** What is shown. */
export interface Derived {
  /** Everything that is known, nothing put away. */
  readonly whole: Graph;
  readonly shown: Graph;
  readonly grouping: Grouping;
  /** Hidden here and on no way between others. */
  readonly left: number;
  /** Hidden here in all. */
  readonly hidden: number;
}

/** Lays all answers together. */
export function combine(base: Graph, expansions: readonly Expansion[], path: Api.Path | null): Graph {
  const expanded = expansions.reduce((graph, one) => merge(graph, one.graph, one.id, one.side), base);
  const whole = path ? mergePath(expanded, path) : expanded;
  // A card that came to more columns pushes its neighbours: then all is arranged anew.
  const grew = whole.nodes.some((node, at) => node.box === null && base.nodes[at]?.box);
  return grew ? arrange(whole) : place(whole);
}

/** Reduces what is known to what is shown. */
export function derive(whole: Graph, wishes: Wishes): Derived {
  const folded = fold(whole, readSided(wishes.fold));
  const away = new Set(wishes.hide);
  const isHidden = (node: GraphNode): boolean =>
    node.hops !== 0 && (away.has(node.id) || (wishes.only !== null && node.kind !== "hidden" && !wishes.only.has(node.id)));
  const { graph, left } = hide(folded, isHidden);
  const grouping = wishes.group !== "auto" ? wishes.group : graph.nodes.length > GROUP_ABOVE ? "namespace" : "none";
  const open = new Set(wishes.open);
  const isOpen = (id: string): boolean => open.has(id);
  const bundled = grouping === "none" ? graph : collapse(graph, (node) => groupOf(node, grouping), isOpen);
  const shown = foldEnds(bundled, isOpen);
  const hidden = folded.nodes.filter(isHidden).length;
  return { whole, shown: shown === graph ? place(shown) : arrange(shown), grouping, left, hidden };
}
