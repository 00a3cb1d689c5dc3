// Where a dataset's page lives.
import { createRoute } from "@tanstack/react-router";
import { lazyPage } from "#/parts/lazy_page";
import { rootRoute } from "#/routing/root";
import { datasetView } from "./view";

const datasetRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/datasets/$namespace/$name/{-$tab}",
  validateSearch: datasetView.read,
  search: { middlewares: [datasetView.strip] },
  component: lazyPage(() => import("./DatasetPage"), "DatasetPage"),
});

export const datasetRoutes = [datasetRoute] as const;
