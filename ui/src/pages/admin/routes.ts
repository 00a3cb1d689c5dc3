// Where the pages of this room live. The views are declared here too, so that others can link to them.
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "#/routing/root";

const page = lazyRouteComponent(() => import("./AdminPage"), "AdminPage");

export const adminRoutes = [
  createRoute({ getParentRoute: () => rootRoute, path: "/admin/{-$section}", component: page }),
] as const;
