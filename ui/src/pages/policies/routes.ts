// Where the policies live.
import { createRoute } from "@tanstack/react-router";
import { lazyPage } from "#/parts/lazy_page";
import { rootRoute } from "#/routing/root";
import { draftView, policiesView, policyTestView, setView } from "./view";

const policyTestRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/policies/test",
  validateSearch: policyTestView.read,
  search: { middlewares: [policyTestView.strip] },
  component: lazyPage(() => import("./TestPage"), "TestPage"),
});

const policiesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/policies",
  validateSearch: policiesView.read,
  search: { middlewares: [policiesView.strip] },
  component: lazyPage(() => import("./ListPage"), "ListPage"),
});

const draftRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/policies/new",
  validateSearch: draftView.read,
  search: { middlewares: [draftView.strip] },
  component: lazyPage(() => import("./DraftPage"), "DraftPage"),
});

const setRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/policies/$version",
  validateSearch: setView.read,
  search: { middlewares: [setView.strip] },
  component: lazyPage(() => import("./SetPage"), "SetPage"),
});

export const policyRoutes = [policiesRoute, policyTestRoute, draftRoute, setRoute] as const;
