// Where the start page lives. `connect` shows how to connect a pipeline also where there are some already.
import { createRoute } from "@tanstack/react-router";
import { flag, view } from "#/base/view";
import { lazyPage } from "#/parts/lazy_page";
import { rootRoute } from "#/routing/root";

/** The start page's view state. */
export const homeView = view({ connect: flag() });

const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  validateSearch: homeView.read,
  search: { middlewares: [homeView.strip] },
  component: lazyPage(() => import("./HomePage"), "HomePage"),
});

export const homeRoutes = [homeRoute] as const;
