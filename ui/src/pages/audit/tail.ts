// Records as they come: shown at once while the list's head is seen, kept back while somebody reads further down.
import { useCallback, useEffect, useReducer } from "react";
import { addressOf, type Api, follow, type Problem, type StreamState } from "#/api";
import { askedOf, type Filter } from "./filter";

/** How many live records are shown at most; older ones are on the pages. */
const SHOWN_MAX = 200;
/** How many are kept back at most; then the oldest of them are only counted. */
const WAITING_MAX = 1_000;

/** What has come so far, the latest first. */
export interface Tail {
  readonly shown: readonly Api.AuditEntry[];
  readonly waiting: readonly Api.AuditEntry[];
  /** How many wait, also those that are only counted. */
  readonly count: number;
  readonly isPaused: boolean;
  readonly state: StreamState;
  readonly problem: Problem | null;
}

type Act =
  | { type: "record"; entry: Api.AuditEntry }
  | { type: "pause"; isPaused: boolean }
  | { type: "state"; state: StreamState; problem: Problem | null }
  | { type: "reset" };

export const EMPTY_TAIL: Tail = { shown: [], waiting: [], count: 0, isPaused: false, state: "connecting", problem: null };

/** What becomes of the tail. */
export function next(tail: Tail, act: Act): Tail {
  if (act.type === "reset") return { ...EMPTY_TAIL, isPaused: tail.isPaused };
  if (act.type === "state") return { ...tail, state: act.state, problem: act.problem };
  if (act.type === "pause") {
    if (act.isPaused || tail.count === 0) return { ...tail, isPaused: act.isPaused };
    return { ...tail, isPaused: false, shown: [...tail.waiting, ...tail.shown].slice(0, SHOWN_MAX), waiting: [], count: 0 };
  }
  const last = tail.waiting[0] ?? tail.shown[0];
  if (last !== undefined && act.entry.index <= last.index) return tail;
  return tail.isPaused
    ? { ...tail, waiting: [act.entry, ...tail.waiting].slice(0, WAITING_MAX), count: tail.count + 1 }
    : { ...tail, shown: [act.entry, ...tail.shown].slice(0, SHOWN_MAX) };
}

/** Reads a record of the stream; null if it was not understood. */
export function readEvent(data: string): Api.AuditEntry | null {
  try {
    const told = JSON.parse(data) as Partial<Api.AuditEntry> | null;
    return typeof told?.index === "number" && typeof told.record === "object" ? { index: told.index, record: told.record } : null;
  } catch {
    return null;
  }
}

/** Follows the log while `isOn`. */
export function useTail(filter: Filter, isOn: boolean): [Tail, (isPaused: boolean) => void] {
  const [tail, dispatch] = useReducer(next, EMPTY_TAIL);
  const [, address] = addressOf("GET /api/v1/audit/tail", { query: askedOf(filter) });
  useEffect(() => {
    dispatch({ type: "reset" });
    if (!isOn) return undefined;
    return follow(address, {
      onEvent: ({ data }) => {
        const entry = readEvent(data);
        if (entry !== null) dispatch({ type: "record", entry });
      },
      onState: (state, problem) => { dispatch({ type: "state", state, problem }); },
    });
  }, [address, isOn]);
  const pause = useCallback((isPaused: boolean) => { dispatch({ type: "pause", isPaused }); }, []);
  return [tail, pause];
}
