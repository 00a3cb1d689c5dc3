// TanStack Query over the API: `ask` makes a query of an operation; answers are kept and asked for again in the
// background, so a page never goes blank.
import { keepPreviousData, MutationCache, QueryCache, QueryClient, queryOptions } from "@tanstack/react-query";
import { asProblem, type Problem } from "./problem";
import { readiness } from "./health";
import { request } from "./request";
import type { Answer, Asked, Operation } from "./send";

declare module "@tanstack/react-query" {
  interface Register {
    defaultError: Problem;
  }
}

type Read = Extract<Operation, `GET ${string}`>;

const TRIES = 2;

/** Makes the client that keeps answers. */
export function makeQueryClient(): QueryClient {
  // Whoever meets silence has the way looked at, so that the page says so at once.
  const onError = (thrown: unknown, query?: { queryKey?: unknown }): void => {
    if (asProblem(thrown).code === "offline" && query?.queryKey !== readiness.queryKey) void client.invalidateQueries({ queryKey: readiness.queryKey });
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError: (thrown) => { onError(thrown); } }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        networkMode: "always",
        retry: (failures, thrown) => asProblem(thrown).isPassing && asProblem(thrown).status !== 429 && failures < TRIES,
        retryDelay: (failures) => 300 * 2 ** failures,
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
  return client;
}

/** Makes a query of an operation that reads. Its key begins with the operation, then what it is asked with. */
export function ask<O extends Read>(operation: O, asked: Asked<O>) {
  return queryOptions<Answer<O>>({
    queryKey: [operation, asked],
    queryFn: async ({ signal }) => await request(operation, asked, { signal }),
  });
}

/** Like `ask`, for what changes while somebody types or pages: the answer before stays until the next is there. */
export function askKeeping<O extends Read>(operation: O, asked: Asked<O>) {
  return { ...ask(operation, asked), placeholderData: keepPreviousData };
}
