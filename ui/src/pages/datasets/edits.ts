// What can be changed of a dataset, and how each change is sent. All of it is here: when the API learns better ways, only this
// file changes.
import { type Api, request } from "#/api";
import type { Dataset } from "./dataset";

/** Something of a dataset that can be changed. */
export interface Editable<V> {
  /** What stands. */
  read(dataset: Dataset): V;
  /** Makes `after` of what was `before`. */
  write(dataset: Dataset, after: V, before: V): Promise<void>;
}

async function put(dataset: Dataset, said: Omit<Api.PutDataset, "namespace" | "name">): Promise<void> {
  const { namespace, name } = dataset;
  await request("PUT /api/v1/datasets", { body: { datasets: [{ namespace, name, ...said }] } });
}

/** What it holds. Empty: nobody says. */
export const description: Editable<string> = {
  read: (dataset) => dataset.description ?? "",
  write: (dataset, after) => put(dataset, { description: after }),
};

/** Who owns it. */
export const owners: Editable<readonly Api.Owner[]> = {
  read: (dataset) => dataset.owners,
  write: (dataset, after) => put(dataset, { owners: [...after] }),
};

const missing = (from: readonly string[], of: readonly string[]): string[] => of.filter((one) => !from.includes(one));

/** Its tags. */
export const tags: Editable<readonly string[]> = {
  read: (dataset) => dataset.tags,
  write: async ({ id }, after, before) => {
    for (const tag of missing(before, after)) await request("PUT /api/v1/datasets/{id}/tags/{tag}", { path: { id, tag } });
    for (const tag of missing(after, before)) await request("DELETE /api/v1/datasets/{id}/tags/{tag}", { path: { id, tag } });
  },
};

const columnOf = (dataset: Dataset, column: string): Api.Column | undefined => dataset.columns.find((one) => one.name === column);

/** What a column holds. Empty: whatever its producer says. */
export function columnDescription(column: string): Editable<string> {
  return {
    read: (dataset) => columnOf(dataset, column)?.description ?? "",
    write: async ({ id }, after) => { await request("PUT /api/v1/datasets/{id}/columns/{column}/description", { path: { id, column }, body: { description: after === "" ? null : after } }); },
  };
}

/** The tags of a column; `class:NAME` classifies it. */
export function columnTags(column: string): Editable<readonly string[]> {
  return {
    read: (dataset) => columnOf(dataset, column)?.tags ?? [],
    write: async ({ id }, after, before) => {
      for (const tag of missing(before, after)) await request("PUT /api/v1/datasets/{id}/columns/{column}/tags/{tag}", { path: { id, column, tag } });
      for (const tag of missing(after, before)) await request("DELETE /api/v1/datasets/{id}/columns/{column}/tags/{tag}", { path: { id, column, tag } });
    },
  };
}
