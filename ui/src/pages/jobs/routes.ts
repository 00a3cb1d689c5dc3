// Where the pages of this room live. The views are declared here too, so that others can link to them.
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "#/routing/root";

const page = lazyRouteComponent(() => import("./JobPage"), "JobPage");

export const jobRoutes = [
  createRoute({ getParentRoute: () => rootRoute, path: "/jobs/$namespace/$name/{-$tab}", component: page }),
  createRoute({ getParentRoute: () => rootRoute, path: "/runs/$id", component: page }),
] as const;
