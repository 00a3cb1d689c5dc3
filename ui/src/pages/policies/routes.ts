// Where the policies live, and the question of the policy test, which refusals link to.
import { createRoute } from "@tanstack/react-router";
import { choice, count, moment, text, view } from "#/base/view";
import { lazyPage } from "#/parts/lazy_page";
import { rootRoute } from "#/routing/root";

const VERSIONS = 999_999_999;

/** Can [who] [do] on [what] for [purpose] at [at]? Empty `who` is whoever asks. `whoCan` is the page of those who may. */
export const policyTestView = view({ who: text(), do: text(), what: text(), purpose: text(), at: moment(), whoCan: text() });
export type PolicyQuestion = typeof policyTestView.defaults;

/** The sets of rules: where the list goes on. */
export const policiesView = view({ after: text() });

/** The parts of a set that are shown one at a time. */
export const SET_TABS = ["rules", "text", "compare", "findings", "cases", "effects"] as const;
/** A set of rules: which part, which rule, whose rules, compared with which set (0 is the one in force). */
export const setView = view({ tab: choice(SET_TABS, "rules"), rule: text(), role: text(), against: count(0, VERSIONS, 0) });

/** A draft that is being written: on which set it is based (0 is the one in force). */
export const draftView = view({ from: count(0, VERSIONS, 0), tab: choice(["problems", "changes", "effects"], "problems") });

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
