// The router: all routes of all pages, on the path that the server names, with queries as pages write them.
import { createBrowserHistory, createRouter, type RouterHistory } from "@tanstack/react-router";
import { basePath } from "#/base/base_path";
import { parseQuery, writeQuery } from "#/base/view";
import { adminRoutes } from "#/pages/admin/routes";
import { auditRoutes } from "#/pages/audit/routes";
import { catalogRoutes } from "#/pages/catalog/routes";
import { datasetRoutes } from "#/pages/datasets/routes";
import { homeRoutes } from "#/pages/home/routes";
import { jobRoutes } from "#/pages/jobs/routes";
import { laterRoutes } from "#/pages/later/routes";
import { lineageRoutes } from "#/pages/lineage/routes";
import { policyRoutes } from "#/pages/policies/routes";
import { PageNotFound } from "#/parts/ProblemPanel";
import { rootRoute } from "#/routing/root";
import { signInRoute } from "#/shell/routes";
import { Shell } from "#/shell/Shell";
import { PageFailed } from "#/shell/PageFailed";

const routeTree = rootRoute.update({ component: Shell }).addChildren([
  ...homeRoutes,
  ...catalogRoutes,
  ...datasetRoutes,
  ...jobRoutes,
  ...lineageRoutes,
  ...auditRoutes,
  ...policyRoutes,
  ...adminRoutes,
  ...laterRoutes,
  signInRoute,
]);

/** Makes a router; tests hand in a history of their own. */
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types -- the type is the table of routes itself
export const makeRouter = (history: RouterHistory = createBrowserHistory()) => createRouter({
  routeTree,
  history,
  basepath: basePath(),
  parseSearch: parseQuery,
  stringifySearch: writeQuery,
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  defaultNotFoundComponent: PageNotFound,
  defaultErrorComponent: PageFailed,
  scrollRestoration: true,
});

/** The router. */
export const router = makeRouter();

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
