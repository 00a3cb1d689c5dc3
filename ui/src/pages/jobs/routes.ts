// Where jobs and runs live.
import { createRoute } from "@tanstack/react-router";
import { lazyPage } from "#/parts/lazy_page";
import { rootRoute } from "#/routing/root";
import { jobView } from "./view";

const jobRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/jobs/$namespace/$name/{-$tab}",
  validateSearch: jobView.read,
  search: { middlewares: [jobView.strip] },
  component: lazyPage(() => import("./JobPage"), "JobPage"),
});

const runRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/runs/$id",
  component: lazyPage(() => import("./RunPage"), "RunPage"),
});

export const jobRoutes = [jobRoute, runRoute] as const;
