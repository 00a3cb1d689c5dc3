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
  write: async (dataset, after, before) => {
    const added = missing(before, after);
    if (added.length > 0) await put(dataset, { tags: added });
    for (const tag of missing(after, before)) {
      const path = { namespace: dataset.namespace, dataset: dataset.name, tag };
      await request("DELETE /api/v1/namespaces/{namespace}/datasets/{dataset}/tags/{tag}", { path });
    }
  },
};

/** The tags of a column. The API writes new ones in capitals. */
export function columnTags(column: string): Editable<readonly string[]> {
  const path = (dataset: Dataset, tag: string) => ({ namespace: dataset.namespace, dataset: dataset.name, field: column, tag });
  return {
    read: (dataset) => dataset.columns.find((one) => one.name === column)?.tags ?? [],
    write: async (dataset, after, before) => {
      for (const tag of missing(before, after)) await request("POST /api/v1/namespaces/{namespace}/datasets/{dataset}/fields/{field}/tags/{tag}", { path: path(dataset, tag) });
      for (const tag of missing(after, before)) await request("DELETE /api/v1/namespaces/{namespace}/datasets/{dataset}/fields/{field}/tags/{tag}", { path: path(dataset, tag) });
    },
  };
}
