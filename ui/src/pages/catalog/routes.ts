// Where the catalog's search lives, and its view state.
import { createRoute } from "@tanstack/react-router";
import { choice, list, text, view } from "#/base/view";
import { lazyPage } from "#/parts/lazy_page";
import { rootRoute } from "#/routing/root";

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

const catalogRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/catalog",
  validateSearch: catalogView.read,
  search: { middlewares: [catalogView.strip] },
  component: lazyPage(() => import("./CatalogPage"), "CatalogPage"),
});

export const catalogRoutes = [catalogRoute] as const;
