// What the other rooms take from this one.
export { useConnection, readiness, type Connection } from "./health";
export { asProblem, Problem } from "./problem";
export { live, useLiveQueries } from "./live";
export { ask, askKeeping, makeQueryClient } from "./queries";
export { requestRaw } from "./raw";
export { request } from "./request";
export { addressOf, type Answer, type Asked, type Operation } from "./send";
export { giveUp, loadSession, type Session, signIn, signInByLink, signOut, useCould, useMe, useSession } from "./session";
export type { StreamEvent } from "./sse";
export { follow, type Follower, type StreamState } from "./stream";
export type * as Api from "./types.gen";
