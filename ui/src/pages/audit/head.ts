// Asks for the log's signed head, checks its signature here, and compares it with the last one that this browser saw.
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { asProblem, request } from "#/api";
import { serverNow } from "#/base/clock";
import { asFault, Fault, type Head, openCheckpoint, readKey, type VerifierKey } from "#/tlog";
import { judge, type Kept, keptHead, take, type Verdict } from "./seen_head";

const EVERY = 60_000;

/** What is known of the log's head. */
export interface HeadState {
  /** Null where nothing signs it. */
  readonly key: VerifierKey | null;
  /** Null until one is signed. */
  readonly head: Head | null;
  readonly verdict: Verdict | null;
  /** The head that it was compared with. */
  readonly kept: Kept | null;
  /** Why the head is not to be believed. */
  readonly fault: Fault | null;
  /** Why the server itself does not sign any more. */
  readonly alarm: string | null;
  readonly size: number;
  readonly checkedAt: number;
}

async function note(): Promise<string | null> {
  try {
    return await request("GET /api/v1/audit/checkpoint", {});
  } catch (thrown) {
    if (asProblem(thrown).status === 404) return null;
    throw thrown;
  }
}

async function once(): Promise<HeadState> {
  // Read first: what another tab sees meanwhile is not older than what this one is told now.
  const kept = keptHead();
  const told = await request("GET /api/v1/audit", {});
  const signed = await note();
  const state = { key: null, head: null, verdict: null, kept, fault: null, alarm: told.alarm ?? null, size: told.size, checkedAt: serverNow() };
  try {
    const key = told.key == null ? null : await readKey(told.key);
    if (key === null || signed === null) return { ...state, key };
    const head = await openCheckpoint(signed, key);
    const proofOf = async (from: number, to: number): Promise<string[]> => (await request("GET /api/v1/audit/consistency", { query: { from, to } })).proof;
    return { ...state, key, head, verdict: await judge(kept, head, proofOf) };
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    return { ...state, fault: asFault(thrown) };
  }
}

/** Checks the head, and again before anything alarming is believed: another node may have been a moment behind. */
async function check(): Promise<HeadState> {
  let state = await once();
  if (state.verdict === "rolled-back" || state.verdict === "forked") state = await once();
  if (state.head !== null && state.verdict !== null) take(state.kept, state.head, state.verdict);
  return state;
}

/** Returns what is known of the log's head; checked once a minute while a page of the log is shown. */
export function useHead(): UseQueryResult<HeadState> {
  return useQuery<HeadState>({ queryKey: ["audit head"], queryFn: check, refetchInterval: EVERY, refetchOnWindowFocus: true, staleTime: 5_000 });
}
