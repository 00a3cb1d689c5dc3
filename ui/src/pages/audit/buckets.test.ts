// Buckets: none is lost, none is made up, and a selection means the times that it shows.
import { expect, it } from "vitest";
import { bucketsOf, spanOf, timesOf } from "./buckets";

const NOW = Date.parse("2026-11-21T10:30:00Z");

it("without times: the last seven days by hour", () => {
  expect(spanOf({ from: "", until: "" }, NOW)).toEqual({ from: NOW - 7 * 86_400_000, until: NOW, by: "hour", isCut: false });
});

it("long spans by day, and none longer than the server counts", () => {
  expect(spanOf({ from: "2026-10-01T00:00:00Z", until: "" }, NOW).by).toBe("day");
  const { from, until, isCut } = spanOf({ from: "2020-01-01T00:00:00Z", until: "" }, NOW);
  expect([Math.ceil((until - from) / 86_400_000), isCut]).toEqual([749, true]);
});

it("a span whose end is before its beginning is still one", () => {
  const span = spanOf({ from: "2026-11-22T00:00:00Z", until: "2026-11-21T00:00:00Z" }, NOW);
  expect(span.from).toBeLessThan(span.until);
});

it("empty buckets are there, counts stand in theirs", () => {
  const span = spanOf({ from: "2026-11-21T07:20:00Z", until: "" }, NOW);
  const buckets = bucketsOf(span, [
    { at: "2026-11-21T08:00:00Z", part: "done", count: 3 },
    { at: "2026-11-21T08:00:00Z", part: "denied", count: 1 },
    { at: "2026-11-21T10:00:00Z", part: "done", count: 2 },
    { at: "2026-11-21T11:00:00Z", part: "done", count: 9 },
  ]);
  expect(buckets.map((one) => one.total)).toEqual([0, 4, 0, 2]);
  expect(buckets[1]).toEqual({ at: Date.parse("2026-11-21T08:00:00Z"), counts: { done: 3, denied: 1 }, total: 4 });
  expect(timesOf(buckets, "hour", [2, 1])).toEqual({ from: "2026-11-21T08:00:00.000Z", until: "2026-11-21T10:00:00.000Z" });
  expect(timesOf(buckets, "hour", [0, 99])).toEqual({ from: "2026-11-21T07:00:00.000Z", until: "2026-11-21T11:00:00.000Z" });
});
