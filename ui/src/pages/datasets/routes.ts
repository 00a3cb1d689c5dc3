// Where the pages of this room live. The views are declared here too, so that others can link to them.
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "#/routing/root";

const page = lazyRouteComponent(() => import("./DatasetPage"), "DatasetPage");

export const datasetRoutes = [
  createRoute({ getParentRoute: () => rootRoute, path: "/datasets/$namespace/$name/{-$tab}", component: page }),
] as const;
