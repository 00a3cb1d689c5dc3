// What is read out of a run's facets.
import { expect, it } from "vitest";
import { amountOf, errorOf, medianDuration, nominalOf } from "./run_facts";

it("reads why a run failed, however much is told", () => {
  expect(errorOf({})).toBeNull();
  expect(errorOf({ errorMessage: { message: "no", programmingLanguage: "SQL", stackTrace: 5 } })).toEqual({ message: "no", language: "SQL", stack: "" });
});

it("reads nominal times", () => {
  expect(nominalOf({ nominalTime: { nominalStartTime: "2026-01-01T00:00:00Z" } })).toEqual({ start: "2026-01-01T00:00:00Z", end: "" });
  expect(nominalOf({})).toEqual({ start: "", end: "" });
});

it("reads amounts of outputs and of inputs", () => {
  expect(amountOf({ facets: { outputStatistics: { rowCount: 3, size: 9 } } })).toEqual({ rows: 3, bytes: 9 });
  expect(amountOf({ facets: { inputStatistics: { rowCount: "3" } } })).toEqual({ rows: null, bytes: null });
});

it("finds the middle duration", () => {
  expect(medianDuration([{ durationMs: 30 }, { durationMs: 10 }, { durationMs: null }, { durationMs: 20 }])).toBe(20);
  expect(medianDuration([{ durationMs: 10 }, { durationMs: 20 }])).toBe(15);
  expect(medianDuration([{}])).toBeNull();
});
