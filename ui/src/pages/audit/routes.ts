// Where the pages of this room live. The views are declared here too, so that others can link to them.
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "#/routing/root";

const page = lazyRouteComponent(() => import("./AuditPage"), "AuditPage");

export const auditRoutes = [
  createRoute({ getParentRoute: () => rootRoute, path: "/audit", component: page }),
  createRoute({ getParentRoute: () => rootRoute, path: "/audit/records/$id", component: page }),
  createRoute({ getParentRoute: () => rootRoute, path: "/audit/access", component: page }),
  createRoute({ getParentRoute: () => rootRoute, path: "/verify", component: page }),
] as const;
