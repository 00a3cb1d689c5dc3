// A job, by its name: the API gives jobs by their ids only, so the id is looked up first.
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { type Api, asProblem, ask, live, Problem, request } from "#/api";
import { wordsOf } from "#/parts/words";

/** A job, as the API tells it. */
export type Job = Api.JobBody;

/** What every tab of a job is given. */
export interface JobProps {
  job: Job;
}


/** Returns the id of the job of a name: the lineage graph knows it, or else the search; null if neither does. */
async function findId(namespace: string, name: string, signal: AbortSignal): Promise<string | null> {
  const isIt = (one: { kind: string; namespace: string; name: string }): boolean => one.kind === "job" && one.namespace === namespace && one.name === name;
  try {
    const graph = await request("GET /api/v1/lineage/graph", { query: { focus: `job:${namespace}:${name}`, up: 0, down: 0, jobs: true, limit: 1 } }, { signal });
    const node = graph.nodes.find(isIt);
    if (node?.id) return node.id;
  } catch (thrown) {
    if (signal.aborted || ![403, 404].includes(asProblem(thrown).status)) throw thrown;
  }
  const found = await request("GET /api/v1/catalog/search", { query: { q: `type:job ${wordsOf(name)}`, limit: 50 } }, { signal });
  return found.hits.find(isIt)?.id ?? null;
}

/** Returns the query for the job of a name; null if there is none. */
export function useJob(namespace: string, name: string): UseQueryResult<Job | null> {
  const id = useQuery<string | null>({ queryKey: ["id of job", namespace, name], queryFn: ({ signal }) => findId(namespace, name, signal), staleTime: Infinity });
  return useQuery<Job | null>({
    queryKey: ["GET /api/v1/jobs/{id}", id.data ?? null, id.error?.code ?? null],
    queryFn: async ({ signal }) => {
      if (id.error) throw id.error;
      if (!id.data) return null;
      try {
        return await request("GET /api/v1/jobs/{id}", { path: { id: id.data } }, { signal });
      } catch (thrown) {
        if (thrown instanceof Problem && thrown.status === 404) return null;
        throw thrown;
      }
    },
    enabled: !id.isPending,
    ...live,
  });
}

/** How many runs a page has. */
export const RUNS = 60;

/** Returns the query for a page of a job's runs, the latest first. */
export function useRuns(job: Job, after: string): UseQueryResult<Api.List_RunBody> {
  return useQuery({ ...ask("GET /api/v1/jobs/{id}/runs", { path: { id: job.id }, query: { limit: RUNS, ...(after === "" ? {} : { after }) } }), ...(after === "" ? live : {}) });
}
