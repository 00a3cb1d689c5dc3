// Whether the server answers, and how far its change feed is: asked every few seconds while the page is seen.
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { hearServerTime } from "#/base/clock";
import { send } from "./send";
import type { Ready } from "./types.gen";

const EVERY = 10_000;
const EVERY_WHILE_GONE = 2_000;

/** How the way to the server is. */
export type Connection = "live" | "behind" | "connecting" | "offline";

/** The query for readiness. 503 is an answer too: the node is there, and not ready. */
export const readiness = queryOptions<Ready>({
  queryKey: ["GET /readyz"],
  queryFn: async ({ signal }) => await send("GET /readyz", {}, { signal, timeout: 5_000, heard: ({ headers }) => { hearServerTime(headers.get("date")); } }),
  refetchInterval: ({ state }) => (state.error === null ? EVERY : EVERY_WHILE_GONE),
  retry: false,
});

const watchOnline = (listener: () => void): (() => void) => {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
};

/** Returns how the way to the server is. */
export function useConnection(): Connection {
  const online = useSyncExternalStore(watchOnline, () => navigator.onLine);
  const { data, error, isPending } = useQuery(readiness);
  if (!online || (error !== null && error.status === 0)) return "offline";
  if (isPending) return "connecting";
  return error === null && data.followers.every((follower) => follower.behind < 1_000) ? "live" : "behind";
}
