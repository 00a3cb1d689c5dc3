// What the explorer asks the server: the graph (or the comparison of two times), what was expanded, paths, and who bears
// a tag.
import { useQueries, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useMemo } from "react";
import { type Api, ask, askKeeping, request } from "#/api";
import { combine, derive, type Derived } from "./model/derive";
import { readGraph, referenceOf } from "./model/graph";
import { readSided } from "./model/merge";
import type { LineageView } from "./routes";

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
export function graphQuery(focus: Focus, view: LineageView): Record<string, string | number | boolean> {
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

/** Lays answers together and reduces them to what is shown. */
export function useDerived(body: Api.GraphBody, view: LineageView, path: Api.Path | null, tagged: Tagged | undefined): { derived: Derived; isExpanding: boolean } {
  const base = useMemo(() => readGraph(body), [body]);
  const { level, jobs, past, at, more } = view;
  const asked = useMemo(() => readSided(more).map(({ side, id }) => {
    const node = base.nodes.find((one) => one.id === id);
    const focus = (node && referenceOf(node)) ?? `dataset:${id}`;
    return { side, id, query: { focus, level, jobs, up: side === "up" ? 1 : 0, down: side === "down" ? 1 : 0, current: !past, ...(at === "" ? {} : { asOf: at }) } };
  }), [more, base, level, jobs, past, at]);
  const answers = useQueries({ queries: asked.map(({ query }) => ask("GET /api/v1/lineage/graph", { query })) });
  const loaded = answers.map((answer) => answer.dataUpdatedAt).join(" ");
  const expansions = useMemo(
    () => asked.flatMap(({ id, side }, place) => (answers[place]?.data ? [{ id, side, graph: readGraph(answers[place].data) }] : [])),
    // Answers are new objects on every render; what they hold is told by when they came.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [asked, loaded],
  );
  const whole = useMemo(() => combine(base, expansions, path), [base, expansions, path]);
  const { group, open, fold, hide, only } = view;
  const ids = only && tagged ? tagged.ids : null;
  const derived = useMemo(() => derive(whole, { group, open, fold, hide, only: ids }), [whole, group, open, fold, hide, ids]);
  return { derived, isExpanding: answers.some((answer) => answer.isFetching) };
}
