// What goes wrong when the server is asked, as one type: its own problems (RFC 9457), and what comes of the
// way there (nobody answers, too slow, cut off).
import type { Problem as Told, ProblemFault } from "./types.gen";

/** Codes of what the server did not say itself. */
export type WayCode = "offline" | "timeout" | "not-understood";

/** A request that was not answered as wished. */
export class Problem extends Error {
  override readonly name = "Problem";
  /** The HTTP status; 0 if there was no answer. */
  readonly status: number;
  /** The stable word for it: the server's, or a `WayCode`. */
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly faults: readonly ProblemFault[];
  readonly faultsLeftOut: number;
  /** The request's id, by which the server's log knows it. */
  readonly requestId: string | null;
  /** When it may be tried again (milliseconds since 1970), where the server says so. */
  readonly retryAt: number | null;
  /** What was asked: method and path, never a query. */
  readonly asked: string;

  constructor(told: Partial<Told> & { code: string }, way: { asked: string; requestId?: string | null; retryAt?: number | null }) {
    super(told.detail ?? told.title ?? told.code);
    this.status = told.status ?? 0;
    this.code = told.code;
    this.title = told.title ?? "";
    this.detail = told.detail ?? "";
    this.faults = told.errors ?? [];
    this.faultsLeftOut = told.errorsLeftOut ?? 0;
    this.requestId = way.requestId ?? null;
    this.retryAt = way.retryAt ?? null;
    this.asked = way.asked;
  }

  /** Whether trying again unchanged may help. */
  get isPassing(): boolean {
    return this.code === "not-understood" || [0, 429, 502, 503, 504].includes(this.status);
  }
}

/** Takes whatever was thrown as a problem. */
export function asProblem(thrown: unknown, asked = ""): Problem {
  if (thrown instanceof Problem) return thrown;
  return new Problem({ code: "not-understood", detail: thrown instanceof Error ? thrown.message : String(thrown) }, { asked });
}

/** Reads a refusal. */
export async function readProblem(response: Response, asked: string): Promise<Problem> {
  const way = { asked, requestId: response.headers.get("x-request-id"), retryAt: retryAt(response) };
  const { status, statusText } = response;
  const told: unknown = await response.json().catch(() => null);
  if (isObject(told) && typeof told["code"] === "string") return new Problem({ ...(told as unknown as Told), status }, way);
  // Marquez's routes answer {code, message} with the status as code.
  const detail = isObject(told) && typeof told["message"] === "string" ? told["message"] : statusText;
  return new Problem({ code: `http-${status}`, status, title: statusText, detail }, way);
}

function retryAt(response: Response): number | null {
  const told = response.headers.get("retry-after");
  if (told === null) return null;
  const seconds = Number(told);
  const at = Number.isNaN(seconds) ? Date.parse(told) : Date.now() + seconds * 1000;
  return Number.isNaN(at) ? null : at;
}

function isObject(thing: unknown): thing is Record<string, unknown> {
  return typeof thing === "object" && thing !== null;
}
