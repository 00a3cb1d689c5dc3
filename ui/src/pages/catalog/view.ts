// The view state of the catalog's search, as its address holds it.
import { choice, list, text, view } from "#/base/view";

/** What is searched for, and how it is shown. */
export const catalogView = view({
  q: text(),
  type: list(),
  ns: list(),
  platform: list(),
  subtype: list(),
  tag: list(),
  owner: list(),
  sort: choice(["relevance", "name", "updated"], "relevance"),
  after: text(),
});

/** The view state, as the page has it. */
export type CatalogView = typeof catalogView.defaults;
