// Where the policies live, and the question of the policy test, which refusals link to.
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { moment, text, view } from "#/base/view";
import { rootRoute } from "#/routing/root";

/** Can [who] [do] on [what] for [purpose] at [at]? */
export const policyTestView = view({ who: text(), do: text(), what: text(), purpose: text(), at: moment() });

const page = lazyRouteComponent(() => import("./PoliciesPage"), "PoliciesPage");

const policyTestRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/policies/test",
  validateSearch: policyTestView.read,
  search: { middlewares: [policyTestView.strip] },
  component: page,
});

export const policyRoutes = [
  createRoute({ getParentRoute: () => rootRoute, path: "/policies", component: page }),
  policyTestRoute,
  createRoute({ getParentRoute: () => rootRoute, path: "/policies/$version", component: page }),
] as const;
