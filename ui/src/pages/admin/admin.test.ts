// Figures out of Prometheus' text, and payloads that are shown.
import { describe, expect, it } from "vitest";
import { jsonFault, laidOut } from "./payload";
import { readMetrics, sumOf } from "./prometheus";

it("reads metrics with their labels, and sums what fits", () => {
  const samples = readMetrics('# HELP x y\nlethe_position 494\nhttp_count{route="/a/{b}",status="200"} 4\nhttp_count{route="say \\"hi\\"",status="503"} 2.5\nodd{ NaN\nodd NaN\n');
  expect(samples).toHaveLength(3);
  expect(samples[2]?.labels["route"]).toBe('say "hi"');
  expect(sumOf(samples, "http_count")).toBe(6.5);
  expect(sumOf(samples, "http_count", ({ status }) => status?.startsWith("5") ?? false)).toBe(2.5);
});

describe("a payload", () => {
  it("is laid out where that changes nothing in it", () => {
    expect(laidOut('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
    expect(laidOut('{"a":12345678901234567890}')).toBe('{"a":12345678901234567890}');
    expect(laidOut("{not json")).toBe("{not json");
  });
  it("is JSON or not", () => {
    expect(jsonFault("{}")).toBeNull();
    expect(jsonFault("{")).not.toBeNull();
  });
});
