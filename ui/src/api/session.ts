// Who is signed in in this browser, and what happens when that ends in the middle of work: whoever waits for an
// answer goes on waiting, the shell asks to sign in again, and then the request is sent again as it was.
import { useSyncExternalStore } from "react";
import { hearServerTime } from "#/base/clock";
import { store } from "#/base/store";
import { asProblem, Problem } from "./problem";
import { send } from "./send";
import type { Me, SignIn } from "./types.gen";

/** The session, as far as it is known. */
export type Session =
  | { state: "unknown" }
  /** Nobody is; `problem` says why a link did not sign in. */
  | { state: "out"; problem?: Problem }
  | { state: "in"; me: Me }
  /** It ended while somebody was at work. */
  | { state: "expired"; me: Me }
  | { state: "failed"; problem: Problem };

const session = store<Session>({ state: "unknown" });
/** Repeated with every request that changes something; kept in memory only. */
let csrfToken: string | null = null;
/** Those who wait for a new session. */
let waiting: ((signedIn: boolean) => void)[] = [];

/** Returns the session, and renders again when it changes. */
export function useSession(): Session {
  return useSyncExternalStore(session.watch, session.get);
}

/** Returns who is signed in. Only below the shell's gate, where somebody is. */
export function useMe(): Me {
  const now = useSession();
  if (now.state !== "in" && now.state !== "expired") throw new Error("nobody is signed in");
  return now.me;
}

/** Returns whether any rule could ever let whoever is signed in do something to more than what is their own. What they could
 *  never do is not asked for of itself: each refusal is recorded. */
export function useCould(act: string): boolean {
  return useMe().acts.includes(act);
}

/** The token against requests from other sites, if there is a session. */
export const csrf = (): string | null => csrfToken;

/** Asks the server who is signed in. */
export async function loadSession(): Promise<void> {
  // The server said so with the page: there is no need to ask, and to be refused.
  if (session.get().state === "unknown" && "signedOut" in document.documentElement.dataset) {
    session.set({ state: "out" });
    return;
  }
  try {
    const told = await send("GET /api/v1/session", {}, { heard: ({ headers }) => { hearServerTime(headers.get("date")); } });
    csrfToken = told.csrfToken ?? null;
    session.set({ state: "in", me: told.me });
    release(true);
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown;
    const now = session.get();
    const isAtWork = now.state === "in" || now.state === "expired";
    // The page of whoever is at work stays, whatever comes: something may be typed there.
    if (thrown.status === 401) session.set(isAtWork ? { state: "expired", me: now.me } : { state: "out" });
    else if (!isAtWork) session.set({ state: "failed", problem: thrown });
    if (now.state === "expired") throw thrown;
  }
}

/** Signs in by password, token or the code of a link. */
export async function signIn(shown: SignIn): Promise<void> {
  await send("POST /api/v1/session", { body: shown });
  await loadSession();
}

/** Signs in by a one-time link when the UI starts; if it is no longer good, the sign-in page says so. */
export async function signInByLink(code: string): Promise<void> {
  try {
    await signIn({ code });
  } catch (thrown) {
    session.set({ state: "out", problem: asProblem(thrown) });
  }
}

/** Signs out. */
export async function signOut(): Promise<void> {
  const headers: Record<string, string> = csrfToken === null ? {} : { "x-csrf-token": csrfToken };
  await send("DELETE /api/v1/session", {}, { headers });
  csrfToken = null;
  session.set({ state: "out" });
}

/** Waits until somebody has signed in again; false if they would rather not. */
export async function signedInAgain(): Promise<boolean> {
  const now = session.get();
  if (now.state === "in") session.set({ state: "expired", me: now.me });
  else if (now.state !== "expired") return false;
  return await new Promise((resolve) => waiting.push(resolve));
}

/** Gives up signing in again: what waits fails, and the sign-in page is shown. */
export function giveUp(): void {
  csrfToken = null;
  session.set({ state: "out" });
  release(false);
}

function release(signedIn: boolean): void {
  const released = waiting;
  waiting = [];
  released.forEach((resolve) => { resolve(signedIn); });
}
