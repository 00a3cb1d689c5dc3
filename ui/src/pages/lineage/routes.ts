// Where the pages of this room live.
import { createRoute } from "@tanstack/react-router";
import { lazyPage } from "#/parts/lazy_page";
import { rootRoute } from "#/routing/root";
import { lineageView, startView } from "./view";

const page = lazyPage(() => import("./LineagePage"), "LineagePage");
const start = lazyPage(() => import("./StartPage"), "StartPage");

export const lineageRoutes = [
  createRoute({ getParentRoute: () => rootRoute, path: "/lineage", component: start, validateSearch: startView.read, search: { middlewares: [startView.strip] } }),
  createRoute({ getParentRoute: () => rootRoute, path: "/lineage/$kind/$namespace/$name", component: page, validateSearch: lineageView.read, search: { middlewares: [lineageView.strip] } }),
] as const;
