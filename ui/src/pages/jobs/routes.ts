// Where jobs and runs live, and the view state of a job's page.
import { createRoute } from "@tanstack/react-router";
import { text, view } from "#/base/view";
import { lazyPage } from "#/parts/lazy_page";
import { rootRoute } from "#/routing/root";

/** Which page of the runs, and of the events. */
export const jobView = view({ after: text() });

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
