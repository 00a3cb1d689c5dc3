// What the explorer asks the server: the graph (or the comparison of two times), what was expanded, paths, and who bears
// a tag.
import { keepPreviousData, useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { useMemo } from "react";
import { type Api, ask, askKeeping, request } from "#/api";
import type * as Derive from "./model/derive";
import { readGraph, referenceOf } from "./model/graph";
import { readSided } from "./model/sided";
import type { LineageView } from "./view";

/** What the path of the URL names. */
export interface Focus {
  kind: string;
  namespace: string;
  name: string;
}

const PATHS = 20;
const TAG_PAGE = 100;
const TAG_PAGES = 10;

/** Returns how the API names the focus. */
export function focusReference({ kind, namespace, name }: Focus, view: LineageView): string {
  return view.level === "column" && view.col !== "" && kind !== "job" ? `datasetField:${namespace}:${name}:${view.col}` : `${kind}:${namespace}:${name}`;
}

/** Returns what the graph, and its export, are asked with. */
export function graphQuery(focus: Focus, view: LineageView): { focus: string } & Record<string, string | number | boolean> {
  return {
    focus: focusReference(focus, view), level: view.level, up: view.up, down: view.down, limit: view.limit, jobs: view.jobs, current: !view.past,
    ...(view.at === "" ? {} : { asOf: view.at }),
  };
}

/** Asks for the graph. */
export function useGraph(focus: Focus, view: LineageView): UseQueryResult<Api.GraphBody> {
  const query = { ...graphQuery(focus, view), layout: true };
  const compared = { ...query, before: view.diff, ...(view.at === "" ? {} : { after: view.at }) };
  const plain = useQuery({ ...askKeeping("GET /api/v1/lineage/graph", { query }), enabled: view.diff === "" });
  const diff = useQuery({ ...askKeeping("GET /api/v1/lineage/diff", { query: compared }), enabled: view.diff !== "" });
  return view.diff === "" ? plain : diff;
}

/** What is known of paths between two nodes. */
export function usePaths(view: LineageView): UseQueryResult<Api.Paths> {
  const { from, to, level, past, at } = view;
  const query = { from, to, level, count: PATHS, current: !past, ...(at === "" ? {} : { asOf: at }) };
  return useQuery({ ...ask("GET /api/v1/lineage/paths", { query }), enabled: from !== "" && to !== "" });
}

/** Who bears a tag, among what is in some namespaces; `isCut` if not all were asked for. */
export interface Tagged {
  readonly ids: ReadonlySet<string>;
  readonly isCut: boolean;
}

async function findTagged(tag: string, signal: AbortSignal): Promise<Tagged> {
  const ids = new Set<string>();
  let after: string | null = null;
  for (let page = 0; page < TAG_PAGES; page += 1) {
    const query = { q: `tag:"${tag.replaceAll('"', "")}"`, limit: TAG_PAGE, ...(after === null ? {} : { after }) };
    const found: Api.SearchBody = await request("GET /api/v1/catalog/search", { query }, { signal });
    found.hits.forEach((hit) => ids.add(hit.id));
    after = found.next ?? null;
    if (after === null) return { ids, isCut: false };
  }
  return { ids, isCut: true };
}

/** Asks who bears the tag that is laid over the graph. */
export function useTagged(tag: string): UseQueryResult<Tagged> {
  return useQuery({ queryKey: ["lineage tagged", tag], queryFn: ({ signal }) => findTagged(tag, signal), enabled: tag !== "", staleTime: 60_000 });
}

/** Asks which tags there are, the most frequent first. */
export function useTags(): readonly string[] {
  const query = useQuery({ ...ask("GET /api/v1/catalog/search", { query: { q: "", limit: 1 } }), staleTime: 300_000 });
  return query.data?.facets.find((facet) => facet.facet === "tag")?.values.map((one) => one.value) ?? [];
}

/** What lays answers together and reduces them; it comes when a view needs it. */
export type Reducer = typeof Derive;

/** A graph of so few nodes, looked at without further wishes, is shown as it came. */
const PLAIN_MAX = 25;

/** Returns the reducer, or `plain` where none is needed; undefined until it is there. */
export function useReducer(body: Api.GraphBody | undefined, view: LineageView): Reducer | "plain" | undefined {
  const wishes = view.more.length + view.fold.length + view.hide.length + view.open.length > 0 || view.only || view.from !== "" || !["auto", "none"].includes(view.group);
  const isNeeded = wishes || (body?.nodes.length ?? 0) > PLAIN_MAX;
  const query = useQuery({ queryKey: ["lineage reducer"], queryFn: () => import("./model/derive"), enabled: isNeeded, staleTime: Infinity });
  return isNeeded ? query.data : "plain";
}

/** Lays answers together and reduces them to what is shown. */
export function useDerived(body: Api.GraphBody, view: LineageView, path: Api.Path | null, tagged: Tagged | undefined, reducer: Reducer | "plain"): { derived: Derive.Derived; isExpanding: boolean } {
  const client = useQueryClient();
  const base = useMemo(() => readGraph(body), [body]);
  const { level, jobs, past, at, more } = view;
  const asked = useMemo(() => readSided(more).map(({ side, id }) => {
    const node = base.nodes.find((one) => one.id === id);
    const focus = (node && referenceOf(node)) ?? `dataset:${id}`;
    return { side, id, query: { focus, level, jobs, up: side === "up" ? 1 : 0, down: side === "down" ? 1 : 0, current: !past, ...(at === "" ? {} : { asOf: at }) } };
  }), [more, base, level, jobs, past, at]);
  const query = useQuery({
    queryKey: ["lineage expansions", asked],
    queryFn: async () => await Promise.all(asked.map(async ({ id, side, query: one }) => ({ id, side, graph: readGraph(await client.query(ask("GET /api/v1/lineage/graph", { query: one }))) }))),
    enabled: asked.length > 0,
    placeholderData: keepPreviousData,
  });
  const expansions = asked.length > 0 ? query.data : undefined;
  const whole = useMemo(() => (reducer === "plain" ? base : reducer.combine(base, expansions ?? [], path)), [base, expansions, path, reducer]);
  const { group, open, fold, hide, only } = view;
  const ids = only && tagged ? tagged.ids : null;
  const derived = useMemo(
    () => (reducer === "plain" ? { whole, shown: whole, grouping: "none" as const, left: 0, hidden: 0 } : reducer.derive(whole, { group, open, fold, hide, only: ids })),
    [reducer, whole, group, open, fold, hide, ids],
  );
  return { derived, isExpanding: query.isFetching };
}
