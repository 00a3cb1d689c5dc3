// Where the start page lives.
import { createRoute } from "@tanstack/react-router";
import { lazyPage } from "#/parts/lazy_page";
import { rootRoute } from "#/routing/root";
import { homeView } from "./view";

const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  validateSearch: homeView.read,
  search: { middlewares: [homeView.strip] },
  component: lazyPage(() => import("./HomePage"), "HomePage"),
});

export const homeRoutes = [homeRoute] as const;
