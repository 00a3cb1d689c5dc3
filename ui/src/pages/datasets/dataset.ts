// What the tabs of a dataset's page share: the dataset, the view state, and how it is asked for.
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type Api, ask, live } from "#/api";
import type { DatasetView } from "./view";

/** A dataset, as the API tells it. */
export type Dataset = Api.DatasetBody;

const route = getRouteApi("/datasets/$namespace/$name/{-$tab}");

/** Returns the query for the dataset of a name; null if there is none. */
export function useDataset(namespace: string, name: string): UseQueryResult<Dataset | null> {
  const asked = ask("GET /api/v1/datasets", { query: { namespace, name } });
  return useQuery({ ...asked, ...live, select: (page) => page.items[0] ?? null });
}

/** What every tab is given. */
export interface TabProps {
  dataset: Dataset;
}

/** Returns the view state, and how to change it: pushed, or with `replace` while somebody types. */
export function useDatasetView(): [DatasetView, (change: Partial<DatasetView>, how?: { replace: boolean }) => void] {
  const view = route.useSearch();
  const navigate = route.useNavigate();
  return [view, (change, how) => { void navigate({ search: { ...view, ...change }, ...how, resetScroll: false }); }];
}

/** Returns the lineage right around a dataset, by columns or by tables. */
export function useNeighbours(dataset: Dataset, level: "table" | "column"): UseQueryResult<Api.GraphBody> {
  return useQuery(ask("GET /api/v1/lineage/graph", { query: { focus: `dataset:${dataset.id}`, level, up: 1, down: 1, limit: 1_000, jobs: false } }));
}

/** Returns the lineage right around one column. */
export function useColumnNeighbours({ namespace, name }: Dataset, column: string, isOn: boolean): UseQueryResult<Api.GraphBody> {
  const query = { focus: `datasetField:${namespace}:${name}:${column}`, level: "column", up: 1, down: 1, limit: 1_000, jobs: false };
  return useQuery({ ...ask("GET /api/v1/lineage/graph", { query }), enabled: isOn });
}

/** Returns the jobs right around a dataset, as nodes of the graph. */
export function useJobsAround(dataset: Dataset): UseQueryResult<Api.GraphBody> {
  return useQuery(ask("GET /api/v1/lineage/graph", { query: { focus: `dataset:${dataset.id}`, level: "table", up: 1, down: 1, limit: 1_000, jobs: true } }));
}
