// The places of erasure, retention and stores, which come in a later version.
import { createRoute } from "@tanstack/react-router";
import { lazyPage } from "#/parts/lazy_page";
import { rootRoute } from "#/routing/root";

export const laterRoutes = [
  createRoute({ getParentRoute: () => rootRoute, path: "/privacy/requests", component: lazyPage(() => import("./LaterPages"), "ErasurePage") }),
  createRoute({ getParentRoute: () => rootRoute, path: "/privacy/retention", component: lazyPage(() => import("./LaterPages"), "RetentionPage") }),
  createRoute({ getParentRoute: () => rootRoute, path: "/stores", component: lazyPage(() => import("./LaterPages"), "StoresPage") }),
] as const;
