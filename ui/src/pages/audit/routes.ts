// Where the pages of the audit log live.
import { createRoute } from "@tanstack/react-router";
import { lazyPage } from "#/parts/lazy_page";
import { rootRoute } from "#/routing/root";
import { auditView, readersView } from "./view";

const logRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/audit",
  validateSearch: auditView.read,
  search: { middlewares: [auditView.strip] },
  component: lazyPage(() => import("./LogPage"), "LogPage"),
});

const recordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/audit/records/$id",
  component: lazyPage(() => import("./RecordPage"), "RecordPage"),
});

const readersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/audit/access",
  validateSearch: readersView.read,
  search: { middlewares: [readersView.strip] },
  component: lazyPage(() => import("./ReadersPage"), "ReadersPage"),
});

const verifyRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/verify",
  component: lazyPage(() => import("./VerifyPage"), "VerifyPage"),
});

export const auditRoutes = [logRoute, recordRoute, readersRoute, verifyRoute] as const;
