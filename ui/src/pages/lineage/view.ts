// The view state of the lineage pages, as their addresses hold it, so that others can link to them.
import { choice, count, flag, list, moment, text, view } from "#/base/view";

const FAR = 100_000_000;

/** What the explorer's URL holds: the whole view. */
export const lineageView = view({
  /** Hops shown each way. */
  up: count(0, 100, 1),
  down: count(0, 100, 1),
  /** Nodes asked for at most. */
  limit: count(1, 20_000, 500),
  level: choice(["table", "column"], "table"),
  /** At column level: the one column of the dataset that is looked at; empty for all of them. */
  col: text(),
  /** Whether jobs are nodes of their own. */
  jobs: flag(),
  /** Whether what jobs do no more is shown too. */
  past: flag(),
  at: moment(),
  diff: moment(),
  group: choice(["auto", "none", "namespace", "folder"], "auto"),
  /** Groups that are open; `down~id` or `up~id` of what is folded, and of what is expanded; ids that are hidden. */
  open: list(),
  fold: list(),
  more: list(),
  hide: list(),
  /** The tag that is laid over the graph, and whether only what bears it is shown. */
  overlay: text(),
  only: flag(),
  /** What is selected: a node's id, one of its columns, or an edge (`id>id`). */
  sel: text(),
  part: text(),
  edge: text(),
  /** A path's ends as the API names nodes, and which of the paths is shown. */
  from: text(),
  to: text(),
  k: count(0, 49, 0),
  view: choice(["graph", "table"], "graph"),
  q: text(),
  /** The camera, in copied links only: the middle, and thousandths of zoom. */
  cx: count(-FAR, FAR, 0),
  cy: count(-FAR, FAR, 0),
  z: count(0, 10_000, 0),
});

/** The view state of the explorer. */
export type LineageView = typeof lineageView.defaults;

/** The view state of the page that one begins at. */
export const startView = view({ q: text() });
