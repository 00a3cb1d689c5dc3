// Where the pages of this room live. The views are declared here too, so that others can link to them.
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "#/routing/root";

const page = lazyRouteComponent(() => import("./LineagePage"), "LineagePage");

export const lineageRoutes = [
  createRoute({ getParentRoute: () => rootRoute, path: "/lineage", component: page }),
  createRoute({ getParentRoute: () => rootRoute, path: "/lineage/$kind/$namespace/$name", component: page }),
] as const;
