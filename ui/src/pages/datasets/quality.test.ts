// What is read out of the facets of quality, and what is left out.
import { expect, it } from "vitest";
import { assertionsOf, metricsOf, writtenOf } from "./quality";

it("reads assertions, and leaves out what is none", () => {
  const assertions = [{ assertion: "not_null", column: "id", success: true }, { assertion: "unique", success: false, severity: "warn" }, { assertion: 1 }, "x", null];
  expect(assertionsOf({ dataQualityAssertions: { assertions } })).toEqual([
    { assertion: "not_null", column: "id", isMet: true, severity: "" },
    { assertion: "unique", column: "", isMet: false, severity: "warn" },
  ]);
  expect(assertionsOf({})).toEqual([]);
  expect(assertionsOf({ dataQualityAssertions: { assertions: "many" } })).toEqual([]);
});

it("reads statistics of the whole and of columns", () => {
  const facets = { dataQualityMetrics: { _producer: "p", rowCount: 10, bytes: 99, columnMetrics: { id: { nullCount: 0, quantiles: { "0.5": 1 } }, odd: 3 } } };
  expect(metricsOf(facets)).toEqual({ whole: { rowCount: 10, bytes: 99 }, columns: [{ column: "id", values: { nullCount: 0 } }] });
  expect(metricsOf({})).toBeNull();
  expect(metricsOf({ dataQualityMetrics: { _producer: "p" } })).toBeNull();
});

it("reads what a run wrote", () => {
  expect(writtenOf({ outputStatistics: { rowCount: 5 } })).toEqual({ rows: 5, bytes: null });
  expect(writtenOf({})).toBeNull();
});
