// One request, once: address, timeout, abort, and every failure as a Problem. Knows nothing of sessions.
import { basePath } from "#/base/base_path";
import { writeQuery } from "#/base/view";
import { Problem, readProblem } from "./problem";
import type { Operations } from "./types.gen";

/** An operation of the API: method and path as its OpenAPI document has them. */
export type Operation = keyof Operations;

type Part<O extends Operation, P extends "path" | "query" | "body"> = Operations[O][P] extends undefined
  ? Partial<Record<P, undefined>>
  : Record<string, never> extends Operations[O][P]
    ? Partial<Record<P, Operations[O][P]>>
    : Record<P, Operations[O][P]>;

/** What an operation is asked with: its path's and its query's parameters and its body, where it has them. */
export type Asked<O extends Operation> = Part<O, "path"> & Part<O, "query"> & Part<O, "body">;

/** How it is asked. */
export interface Way {
  signal?: AbortSignal | undefined;
  /** Milliseconds after which it is given up. */
  timeout?: number;
  headers?: Record<string, string>;
  /** Is told the head of the answer. */
  heard?: (response: Response) => void;
}

/** What an operation answers. */
export type Answer<O extends Operation> = Operations[O]["answer"];

const TIMEOUT = 30_000;

/** Returns method and address of an operation. */
export function addressOf(operation: Operation, asked: { path?: unknown; query?: unknown }): [string, string] {
  const [method = "GET", pattern = ""] = operation.split(" ");
  const values = (asked.path ?? {}) as Record<string, string | number>;
  const path = pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])));
  return [method, basePath() + path + writeQuery((asked.query ?? {}) as Record<string, unknown>)];
}

/** Sends a request. Throws a Problem, or the abort of whoever asked. */
export async function send<O extends Operation>(operation: O, asked: Asked<O>, way: Way = {}): Promise<Answer<O>> {
  const parts = asked as { path?: unknown; query?: unknown; body?: unknown };
  const [method, address] = addressOf(operation, parts);
  const headers: Record<string, string> = { accept: "application/json", ...way.headers };
  if (parts.body !== undefined) headers["content-type"] ??= "application/json";
  const body = typeof parts.body === "string" ? parts.body : JSON.stringify(parts.body);
  const late = AbortSignal.timeout(way.timeout ?? TIMEOUT);
  const signal = way.signal ? AbortSignal.any([way.signal, late]) : late;
  const sent = { method, headers, credentials: "same-origin", signal, ...(parts.body === undefined ? {} : { body }) } as const;
  let isBegun = false;
  try {
    const response = await fetch(address, sent);
    isBegun = true;
    way.heard?.(response);
    if (!response.ok) throw await readProblem(response, operation);
    return read(response, await response.text(), operation) as Answer<O>;
  } catch (thrown) {
    if (thrown instanceof Problem || way.signal?.aborted) throw thrown;
    throw new Problem({ code: late.aborted ? "timeout" : isBegun ? "not-understood" : "offline" }, { asked: operation });
  }
}

function read(response: Response, text: string, asked: string): unknown {
  if (text === "") return undefined;
  if (!response.headers.get("content-type")?.includes("json")) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // An answer that was cut off on its way.
    throw new Problem({ code: "not-understood", status: response.status }, { asked, requestId: response.headers.get("x-request-id") });
  }
}
