// The pseudo-locale: what is shown comes from the catalogue, every word of it.
import { QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { render, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { loadSession, makeQueryClient } from "#/api";
import { locale } from "#/text/locale";
import { makeRouter } from "./router";

const ANSWERS: Record<string, unknown> = {
  "/api/v1/session": { me: { name: "", kind: "user", auth: "session", groups: [], roles: [] }, id: "1", csrfToken: "t" },
  "/readyz": { ready: true, followers: [] },
  "/api/v1/catalog/search": { hits: [], total: 0, exact: true, mended: false, facets: [], next: null, position: 1 },
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
    if (node.parentElement?.closest("code, kbd, script, style, [role=tablist]") === null) found.push(node.textContent ?? "");
  }
  for (const name of ["aria-label", "title", "placeholder"]) {
    document.body.querySelectorAll(`[${name}]`).forEach((element) => { found.push(element.getAttribute(name) ?? ""); });
  }
  return found.filter((text) => /\p{L}{2}/u.test(text));
}

it.each(["/", "/catalog", "/catalog?q=x", "/lineage", "/privacy/requests", "/policies/test", "/nowhere"])("says nothing at %s that is not in the catalogue", async (path) => {
  locale.set("pseudo");
  await loadSession();
  const router = makeRouter(createMemoryHistory({ initialEntries: [path] }));
  render(<QueryClientProvider client={makeQueryClient()}><RouterProvider router={router} /></QueryClientProvider>);
  await waitFor(() => { expect(router.state.status).toBe("idle"); expect(document.querySelector("main h1, main h2")).not.toBeNull(); expect(document.querySelector("[aria-busy]")).toBeNull(); }, { timeout: 5_000 });
  const plain = texts().filter((text) => !/^[^\p{L}]*⟦.*⟧[^\p{L}]*$/su.test(text));
  expect(plain).toEqual([]);
});
