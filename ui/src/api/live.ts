// The one stream that pages live by: where the change feed stands. It tells nothing of what changed; what is marked as live
// is asked for again when it moves. Only a page that is seen listens, so that many tabs do not use up a browser's connections.
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { readiness } from "./health";
import { addressOf } from "./send";
import { useCould } from "./session";
import { follow, type Follower } from "./stream";

/** How often what is shown is asked for again at most, and how often at least, should no stream get through. */
const AT_MOST = 10_000;
const AT_LEAST = 60_000;

declare module "@tanstack/react-query" {
  interface Register {
    queryMeta: { isLive?: boolean };
  }
}

/** Spread into a query: it is asked again when the catalog changes. */
export const live = { meta: { isLive: true }, refetchInterval: AT_LEAST } as const;

/** Makes whoever follows the stream: live queries are asked again at once when it moves, then no sooner than after a while.
 *  What failed is not: the server may have said when to ask again. */
export function refresher(client: Pick<QueryClient, "invalidateQueries">): Follower & { stop: () => void } {
  let last: string | null = null;
  let isResting = false;
  let hasMoved = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const refresh = (): void => {
    hasMoved = false;
    isResting = true;
    void client.invalidateQueries({ predicate: ({ meta, state }) => meta?.isLive === true && state.status !== "error" });
    timer = setTimeout(() => {
      isResting = false;
      if (hasMoved) refresh();
    }, AT_MOST);
  };
  return {
    onEvent: ({ data }) => {
      const isFirst = last === null;
      if (data === last) return;
      last = data;
      // What is shown was asked for with the page: the first word is no news.
      if (isFirst) return;
      if (isResting) hasMoved = true;
      else refresh();
    },
    // Whether the server answers is known by asking it.
    onState: () => { void client.invalidateQueries({ queryKey: readiness.queryKey }); },
    stop: () => { clearTimeout(timer); },
  };
}

const watchSeen = (listener: () => void): (() => void) => {
  document.addEventListener("visibilitychange", listener);
  return () => { document.removeEventListener("visibilitychange", listener); };
};

/** Has live queries asked again while the page is seen. */
export function useLiveQueries(): void {
  const client = useQueryClient();
  const mayListen = useCould("dataset:search");
  const isSeen = useSyncExternalStore(watchSeen, () => document.visibilityState === "visible");
  useEffect(() => {
    if (!mayListen || !isSeen) return;
    const follower = refresher(client);
    const [, address] = addressOf("GET /api/v1/changes", {});
    const leave = follow(address, follower);
    return () => {
      leave();
      follower.stop();
    };
  }, [client, mayListen, isSeen]);
}
