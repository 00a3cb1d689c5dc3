// Where the catalog's search lives.
import { createRoute } from "@tanstack/react-router";
import { lazyPage } from "#/parts/lazy_page";
import { rootRoute } from "#/routing/root";
import { catalogView } from "./view";

const catalogRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/catalog",
  validateSearch: catalogView.read,
  search: { middlewares: [catalogView.strip] },
  component: lazyPage(() => import("./CatalogPage"), "CatalogPage"),
});

export const catalogRoutes = [catalogRoute] as const;
