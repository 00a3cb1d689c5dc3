// An answer of the server in all its states: loading, failed, there, asked for again. A page hands its query in and says
// what to show when the answer is there; emptiness is the page's own to tell.
import type { Query, UseQueryResult } from "@tanstack/react-query";
import { useQueryClient } from "@tanstack/react-query";
import type { JSX, ReactNode } from "react";
import { asProblem } from "#/api";
import { Banner, Refreshing, Skeleton } from "#/design/State";
import { useProblemWords } from "./problem_words";
import { ProblemPanel, RetryButton } from "./ProblemPanel";

/** Shows what a query answers. Keeps what was there when asking again fails, and says so above it. */
export function Loaded<T>({ query, children, lines }: { query: UseQueryResult<T>; children: (data: T) => ReactNode; lines?: number }): JSX.Element {
  const client = useQueryClient();
  const words = useProblemWords();
  const retry = (): void => {
    void query.refetch();
    // What failed beside it, for the same reason most likely; but no refusal, of which each is a record of its own.
    const isFailed = ({ state }: Query): boolean => state.status === "error" && asProblem(state.error).status !== 403;
    void client.refetchQueries({ type: "active", predicate: isFailed }, { cancelRefetch: false });
  };
  if (query.data === undefined) {
    if (query.error) return <ProblemPanel problem={asProblem(query.error)} onRetry={retry} />;
    return <Skeleton {...(lines === undefined ? {} : { lines })} onCancel={() => { void client.cancelQueries(); }} />;
  }
  return (
    <>
      <Refreshing isOn={query.isFetching} />
      {query.error && <Banner tone="warn" actions={<RetryButton problem={asProblem(query.error)} onRetry={retry} />}>{words(asProblem(query.error)).detail}</Banner>}
      {children(query.data)}
    </>
  );
}
