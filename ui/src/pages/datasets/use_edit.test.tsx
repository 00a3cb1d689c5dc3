// A change on its way: kept, overtaken by somebody else's, refused, undone.
import { QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { makeQueryClient } from "#/api";
import type { Dataset } from "./dataset";
import { description } from "./edits";
import { type Edit, useEdit } from "./use_edit";

const dataset = (said: string): Dataset => ({
  id: "1", namespace: "ns", name: "a", aliases: [], findings: [], platform: "pg", owners: [], tags: [], columns: [], properties: {}, uses: 0, deleted: false, facets: {}, description: said,
});

/** What the server has, what it was sent, and whether it refuses. */
let stands = "";
let sent: string[] = [];
let refuses = false;
const json = (body: unknown, status = 200): Promise<Response> => Promise.resolve(new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } }));

beforeEach(() => {
  [stands, sent, refuses, seen] = ["Old", [], false, []];
  vi.stubGlobal("fetch", vi.fn((_address: string, how: { method: string; body?: string }) => {
    if (how.method !== "PUT") return json({ items: [dataset(stands)], next: null });
    if (refuses) return json({ code: "forbidden", title: "This is not allowed", detail: "`dataset:edit`: no rule allows it" }, 403);
    const body = JSON.parse(how.body ?? "") as { datasets: { description: string }[] };
    stands = body.datasets[0]?.description ?? "";
    sent.push(stands);
    return new Promise((resolve) => { setTimeout(() => { resolve(new Response(null, { status: 204 })); }, 20); });
  }));
});
afterEach(() => { vi.unstubAllGlobals(); });

/** How the change was at each drawing, and what was shown then. */
let seen: string[] = [];

function begin(): { current: Edit<string> } {
  const client = makeQueryClient();
  const use = (): Edit<string> => {
    const edit = useEdit(dataset("Old"), description);
    seen.push(`${edit.state.is} ${edit.shown}`);
    return edit;
  };
  const { result } = renderHook(use, { wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider> });
  return result;
}
const until = async (edit: { current: Edit<string> }, is: Edit<string>["state"]["is"]): Promise<void> => { await waitFor(() => { expect(edit.current.state.is).toBe(is); }); };

it("shows what is being saved at once, keeps it, and takes it back", async () => {
  const edit = begin();
  act(() => { edit.current.save("New", "Old"); });
  await waitFor(() => { expect(seen).toContain("saving New"); });
  await until(edit, "saved");
  expect(sent).toEqual(["New"]);
});

it("sends nothing where nothing changed", () => {
  const edit = begin();
  act(() => { edit.current.save("Old", "Old"); });
  expect(edit.current.state.is).toBe("none");
  expect(sent).toEqual([]);
});

it("tells of somebody else's change, and saves over it only when told to", async () => {
  stands = "Theirs";
  const edit = begin();
  act(() => { edit.current.save("Mine", "Old"); });
  await until(edit, "conflict");
  const { state } = edit.current;
  expect(state).toMatchObject({ theirs: "Theirs", mine: "Mine" });
  expect(sent).toEqual([]);
  if (state.is === "conflict") act(() => { state.keepMine(); });
  await until(edit, "saved");
  expect(sent).toEqual(["Mine"]);
});

it("shows what stands again after a refusal, and keeps what was written", async () => {
  refuses = true;
  const edit = begin();
  act(() => { edit.current.save("Mine", "Old"); });
  await until(edit, "refused");
  expect(edit.current.shown).toBe("Old");
  expect(edit.current.state).toMatchObject({ mine: "Mine", problem: { status: 403 } });
});
