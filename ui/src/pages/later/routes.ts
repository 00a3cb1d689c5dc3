// The places of erasure, retention and stores, which come in a later version.
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "#/routing/root";

export const laterRoutes = [
  createRoute({ getParentRoute: () => rootRoute, path: "/privacy/requests", component: lazyRouteComponent(() => import("./LaterPages"), "ErasurePage") }),
  createRoute({ getParentRoute: () => rootRoute, path: "/privacy/retention", component: lazyRouteComponent(() => import("./LaterPages"), "RetentionPage") }),
  createRoute({ getParentRoute: () => rootRoute, path: "/stores", component: lazyRouteComponent(() => import("./LaterPages"), "StoresPage") }),
] as const;
