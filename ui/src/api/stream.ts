// Streams of server-sent events. Whoever follows the same address shares one connection; it is opened with the first
// and closed with the last. When it breaks it is opened again, at the event that was seen last.
// By fetch and not EventSource: that hides why it was refused, and cannot be told where to go on.
import { asProblem, Problem, readProblem } from "./problem";
import { signedInAgain } from "./session";
import { sseReader, type StreamEvent } from "./sse";

/** How a stream is: `off` after several failures in a row; it goes on trying. */
export type StreamState = "connecting" | "live" | "off";

/** Somebody who follows a stream. */
export interface Follower {
  onEvent(event: StreamEvent): void;
  onState(state: StreamState, problem: Problem | null): void;
}

const OFF_AFTER = 3;
const WAIT_MAX = 30_000;
/** The server sends a sign of life every 15 s; longer silence is a broken line. */
const SILENCE_MAX = 45_000;

interface Stream {
  followers: Set<Follower>;
  state: StreamState;
  problem: Problem | null;
  stop: AbortController;
}

const streams = new Map<string, Stream>();

/** Follows a stream. Returns how to stop. */
export function follow(address: string, follower: Follower): () => void {
  let stream = streams.get(address);
  if (stream === undefined) {
    stream = { followers: new Set(), state: "connecting", problem: null, stop: new AbortController() };
    streams.set(address, stream);
    void keepOpen(address, stream);
  }
  const followed = stream;
  followed.followers.add(follower);
  follower.onState(followed.state, followed.problem);
  return () => {
    followed.followers.delete(follower);
    if (followed.followers.size > 0 || streams.get(address) !== followed) return;
    streams.delete(address);
    followed.stop.abort();
  };
}

function tell(stream: Stream, state: StreamState, problem: Problem | null): void {
  stream.state = state;
  stream.problem = problem;
  stream.followers.forEach((follower) => { follower.onState(state, problem); });
}

async function keepOpen(address: string, stream: Stream): Promise<void> {
  const { signal } = stream.stop;
  let failures = 0;
  let wait = 1_000;
  let last = "";
  const seen = (event: StreamEvent): void => {
    last = event.id;
    stream.followers.forEach((follower) => { follower.onEvent(event); });
  };
  const isStopped = (): boolean => signal.aborted;
  while (!isStopped()) {
    try {
      await open(address, last, signal, {
        opened: () => { failures = 0; tell(stream, "live", null); },
        event: seen,
        retry: (milliseconds) => { wait = milliseconds; },
      });
      if (!isStopped()) tell(stream, "connecting", null);
    } catch (thrown) {
      if (isStopped()) return;
      const problem = asProblem(thrown, address);
      failures += 1;
      tell(stream, failures >= OFF_AFTER || !problem.isPassing ? "off" : "connecting", problem);
      const goesOn = problem.status === 401 ? await signedInAgain() : problem.status < 400 || problem.isPassing;
      if (!goesOn) {
        // Whoever follows from now on tries anew.
        if (streams.get(address) === stream) streams.delete(address);
        return;
      }
    }
    const most = Math.min(wait * 2 ** failures, WAIT_MAX);
    await pause(most * (0.5 + Math.random() / 2), signal);
  }
}

interface Told {
  opened(): void;
  event(event: StreamEvent): void;
  retry(milliseconds: number): void;
}

async function open(address: string, last: string, stopped: AbortSignal, told: Told): Promise<void> {
  const silent = new AbortController();
  let alarm = setTimeout(() => { silent.abort(); }, SILENCE_MAX);
  const headers: Record<string, string> = { accept: "text/event-stream" };
  if (last !== "") headers["last-event-id"] = last;
  try {
    const response = await fetch(address, { headers, credentials: "same-origin", cache: "no-store", signal: AbortSignal.any([stopped, silent.signal]) });
    if (!response.ok || response.body === null) throw await readProblem(response, address);
    told.opened();
    const read = sseReader((event) => { told.event(event); }, (milliseconds) => { told.retry(milliseconds); });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      clearTimeout(alarm);
      alarm = setTimeout(() => { silent.abort(); }, SILENCE_MAX);
      read(part.value);
    }
  } catch (thrown) {
    throw thrown instanceof Problem ? thrown : new Problem({ code: "offline" }, { asked: address });
  } finally {
    clearTimeout(alarm);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}
