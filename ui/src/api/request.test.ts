// Asking the server: what is sent, what comes of failures, and that an ended session loses nothing.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { giveUp, loadSession, Problem, request } from "./index";
import { addressOf } from "./send";

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": status < 400 ? "application/json" : "application/problem+json", ...headers } });
const session = (token: string): Response => json(200, { me: { name: "ann", kind: "user", auth: "session", groups: [], roles: [] }, id: "1", csrfToken: token });
const refusal = (status: number, code: string): Response => json(status, { type: `urn:lethe:problem:${code}`, title: code, status, code, detail: "why" }, { "x-request-id": "r-1" });

const server = vi.fn<(address: string, init: RequestInit) => Promise<Response>>();
const sent = (call: number): { address: string; init: RequestInit; headers: Record<string, string> } => {
  const [address, init] = server.mock.calls[call] ?? ["", {}];
  return { address, init, headers: init.headers as Record<string, string> };
};
const failure = async (asked: Promise<unknown>): Promise<Problem> => {
  const thrown: unknown = await asked.then(() => null, (error: unknown) => error);
  if (thrown instanceof Problem) return thrown;
  throw new Error("no problem was thrown");
};

beforeEach(async () => {
  server.mockReset();
  vi.stubGlobal("fetch", server);
  server.mockResolvedValueOnce(session("token-1"));
  await loadSession();
  server.mockClear();
});
afterEach(() => { vi.unstubAllGlobals(); });

const put = (): Promise<unknown> => request("PUT /api/v1/tags/{tag}", { path: { tag: "a/b c" }, body: { description: "typed" } });

describe("a request", () => {
  it("has its parameters in their places, whatever they hold", () => {
    expect(addressOf("GET /api/v1/namespaces/{namespace}/datasets/{dataset}", { path: { namespace: "s3://b", dataset: "a/ü?#%.x" } })[1])
      .toBe("/api/v1/namespaces/s3%3A%2F%2Fb/datasets/a%2F%C3%BC%3F%23%25.x");
  });

  it("shows the session's token where it changes something, and only there", async () => {
    server.mockImplementation(() => Promise.resolve(json(200, {})));
    await put();
    await request("GET /api/v1/me", {});
    expect(sent(0).headers["x-csrf-token"]).toBe("token-1");
    expect(sent(0).address).toBe("/api/v1/tags/a%2Fb%20c");
    expect(sent(1).headers).not.toHaveProperty("x-csrf-token");
  });

  it("waits while somebody signs in again, then goes out as it was with the new token", async () => {
    server.mockResolvedValueOnce(refusal(401, "unauthorized"));
    const asked = put();
    await vi.waitFor(() => { expect(server).toHaveBeenCalledTimes(1); });
    server.mockResolvedValueOnce(session("token-2")).mockResolvedValueOnce(json(200, {}));
    await new Promise((resolve) => { setTimeout(resolve, 0); });
    await loadSession();
    await asked;
    expect(sent(2).init.body).toBe(sent(0).init.body);
    expect(sent(2).headers["x-csrf-token"]).toBe("token-2");
  });

  it("goes on waiting where signing in again does not work out", async () => {
    server.mockResolvedValueOnce(refusal(401, "unauthorized"));
    const asked = put();
    await vi.waitFor(() => { expect(server).toHaveBeenCalledTimes(1); });
    await new Promise((resolve) => { setTimeout(resolve, 0); });
    for (const answer of [refusal(401, "unauthorized"), refusal(500, "internal")]) {
      server.mockResolvedValueOnce(answer);
      await expect(loadSession()).rejects.toBeInstanceOf(Problem);
    }
    server.mockResolvedValueOnce(session("token-4")).mockResolvedValueOnce(json(200, {}));
    await loadSession();
    await asked;
    expect(sent(4).headers["x-csrf-token"]).toBe("token-4");
  });

  it("fails where nobody signs in again", async () => {
    server.mockResolvedValueOnce(refusal(401, "unauthorized"));
    const asked = failure(put());
    await new Promise((resolve) => { setTimeout(resolve, 0); });
    giveUp();
    expect((await asked).status).toBe(401);
  });

  it("fetches the token anew where another tab signed in, and goes out again", async () => {
    server.mockResolvedValueOnce(refusal(403, "cross-site")).mockResolvedValueOnce(session("token-3")).mockResolvedValueOnce(json(200, {}));
    await put();
    expect(sent(2).headers["x-csrf-token"]).toBe("token-3");
  });
});

describe("a failure", () => {
  it("is the server's problem, with the request's id and when to try again", async () => {
    server.mockResolvedValueOnce(json(429, { title: "Too many", code: "too-many-attempts", detail: "wait" }, { "retry-after": "30", "x-request-id": "r-9" }));
    const problem = await failure(request("GET /api/v1/me", {}));
    expect(problem).toMatchObject({ status: 429, code: "too-many-attempts", requestId: "r-9", asked: "GET /api/v1/me" });
    expect((problem.retryAt ?? 0) - Date.now()).toBeGreaterThan(29_000);
  });

  it("is told where nobody answers, where the answer is no JSON, and where it is cut off", async () => {
    server.mockRejectedValueOnce(new TypeError("Failed to fetch"));
    expect((await failure(request("GET /api/v1/me", {}))).code).toBe("offline");
    server.mockResolvedValueOnce(new Response("<html>", { status: 502 }));
    expect(await failure(request("GET /api/v1/me", {}))).toMatchObject({ status: 502, code: "http-502" });
    server.mockResolvedValueOnce(new Response('{"id": "1', { status: 200, headers: { "content-type": "application/json" } }));
    expect((await failure(request("GET /api/v1/me", {}))).code).toBe("not-understood");
    server.mockResolvedValueOnce(new Response(new ReadableStream({ start: (body) => { body.error(new TypeError("reset")); } }), { status: 200 }));
    expect(await failure(request("GET /api/v1/me", {}))).toMatchObject({ code: "not-understood", isPassing: true });
  });

  it("is told where the server takes too long", async () => {
    server.mockImplementationOnce((_, init) => new Promise((_resolve, reject) => { init.signal?.addEventListener("abort", () => { reject(new DOMException("", "TimeoutError")); }); }));
    expect((await failure(request("GET /api/v1/me", {}, { timeout: 20 }))).code).toBe("timeout");
  });
});
