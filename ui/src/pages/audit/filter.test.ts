// Filter tokens: typed, in the address, asked.
import { expect, it } from "vitest";
import { askedOf, readToken, tokensOf } from "./filter";
import { auditView } from "./view";

it.each([
  ["outcome:denied", { field: "outcome", value: "denied" }],
  [" Outcome : DENIED ", { field: "outcome", value: "denied" }],
  ["action:dataset:edit", { field: "action", value: "dataset:edit" }],
  ["dataset:dataset:postgres://db:5432:a.b", { field: "dataset", value: "dataset:postgres://db:5432:a.b" }],
  ["actor:01A1FDB7-538B-7B95-984C-031930C011A5", { field: "actor", value: "01a1fdb7-538b-7b95-984c-031930c011a5" }],
  ["from:2026-11-20T12:00:00Z", { field: "from", value: "2026-11-20T12:00:00.000Z" }],
  ["outcome:perhaps", null], ["actor:ann", null], ["dataset:orders", null], ["until:soon", null], ["colour:red", null], ["purpose: ", null], ["denied", null], [":", null],
])("%s", (typed, token) => {
  expect(readToken(typed)).toEqual(token);
});

it("only what is filtered by is asked", () => {
  const view = { ...auditView.defaults, outcome: "denied" as const, purpose: "support", after: "x" };
  expect(tokensOf(view)).toEqual([{ field: "outcome", value: "denied" }, { field: "purpose", value: "support" }]);
  expect(askedOf(view)).toEqual({ outcome: "denied", purpose: "support" });
  expect(askedOf(auditView.defaults)).toEqual({});
});
