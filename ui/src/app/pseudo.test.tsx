// The pseudo-locale: what is shown comes from the catalogue, every word of it.
import { QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { render, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { loadSession, makeQueryClient } from "#/api";
import { locale } from "#/text/locale";
import { makeRouter } from "./router";

/** Names are figures here, so that they are not taken for text. */
const DATASET = { id: "1", namespace: "1", name: "2", aliases: [], platform: "3", owners: [], tags: ["1"], columns: [{ name: "4", type: "5", tags: [] }], properties: {}, uses: 1, deleted: true, facets: {}, writtenAt: "2026-01-01T00:00:00Z" };
const JOB = { id: "1", namespace: "1", name: "2", simpleName: "2", owners: [], tags: [], inputs: [], outputs: [], runs: 1, deleted: true, facets: {} };
const RUN = { id: "1", state: "1", inputs: [], outputs: [], facets: { errorMessage: { message: "1", stackTrace: "1" } } };
const GRAPH = { nodes: [{ kind: "job", id: "1", namespace: "1", name: "2", aliases: [] }], edges: [], truncated: { leftOut: 0 } };

const ANSWERS: Record<string, unknown> = {
  "/api/v1/session": { me: { name: "", kind: "user", auth: "session", groups: [], roles: [], acts: [], actsOnOwn: [] }, id: "1", csrfToken: "t" },
  "/readyz": { ready: true, followers: [], position: 1, waiting: 0, policyVersion: 1, database: "", databaseAnswers: true },
  "/api/v1/catalog/search": { hits: [], total: 0, exact: true, mended: false, changed: false, facets: [], next: null, position: 1 },
  "/api/v1/datasets": { items: [DATASET], next: null },
  "/api/v1/datasets/1/schemas": { items: [{ first: "2026-01-02T00:00:00Z", last: "2026-01-02T00:00:00Z", columns: [], changes: [] }, { first: "2026-01-01T00:00:00Z", last: "2026-01-01T00:00:00Z", columns: DATASET.columns, changes: [] }], next: null },
  "/api/v1/events": { items: [], next: null },
  "/api/v1/lineage/graph": GRAPH,
  "/api/v1/jobs/1": JOB,
  "/api/v1/jobs/1/runs": { items: [RUN], next: null },
  "/api/v1/runs/1": RUN,
  "/api/v1/runs/1/children": { items: [RUN], next: null },
  "/api/v1/jobs": { jobs: [], totalCount: 0 },
};

const answer = (address: string): Promise<Response> => {
  const found = ANSWERS[address.split("?")[0] ?? ""];
  return Promise.resolve(new Response(JSON.stringify(found ?? { code: "not-found", title: "", detail: "" }), { status: found ? 200 : 404, headers: { "content-type": "application/json" } }));
};

beforeEach(() => {
  vi.stubGlobal("fetch", vi.fn(answer));
  vi.stubGlobal("scrollTo", vi.fn());
});
afterEach(() => {
  vi.unstubAllGlobals();
  locale.set("en");
});

/** Every text that is seen or read out, but code and names of tools. */
function texts(): string[] {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found: string[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement?.closest("code, kbd, time, script, style, [role=tablist]") === null) found.push(node.textContent ?? "");
  }
  for (const name of ["aria-label", "title", "placeholder"]) {
    document.body.querySelectorAll(`[${name}]:not(time)`).forEach((element) => { found.push(element.getAttribute(name) ?? ""); });
  }
  // Times and spans are written by Intl.
  return found.filter((text) => /\p{L}{2}/u.test(text) && !/^\d+ms$|^[A-Z][a-z]{2} \d+, \d{4}/.test(text));
}

it.each(["/", "/catalog", "/catalog?q=x", "/audit", "/audit/access", "/verify", "/lineage", "/privacy/requests", "/policies", "/policies/test", "/policies/1", "/policies/new", "/admin", "/admin/system", "/account", "/nowhere", "/datasets/1/2", "/datasets/1/2/schema?column=4", "/datasets/1/2/lineage", "/datasets/1/2/quality", "/datasets/1/2/access", "/datasets/1/2/versions", "/datasets/1/2/raw", "/jobs/1/2", "/jobs/1/2/runs", "/jobs/1/2/raw", "/runs/1"])("says nothing at %s that is not in the catalogue", async (path) => {
  locale.set("pseudo");
  await loadSession();
  const router = makeRouter(createMemoryHistory({ initialEntries: [path] }));
  render(<QueryClientProvider client={makeQueryClient()}><RouterProvider router={router} /></QueryClientProvider>);
  await waitFor(() => { expect(router.state.status).toBe("idle"); expect(document.querySelector("main h1, main h2")).not.toBeNull(); expect(document.querySelector("[aria-busy]")).toBeNull(); }, { timeout: 5_000 });
  const plain = texts().filter((text) => !/^[^\p{L}]*⟦.*⟧[^\p{L}]*$/su.test(text));
  expect(plain).toEqual([]);
});
