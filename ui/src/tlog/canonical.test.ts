// Canonical JSON: one text for one value.
import { describe, expect, it } from "vitest";
import { canonical, parseCanonical } from "./canonical";

describe("canonical texts", () => {
  it.each(["null", "true", "0", "-7", "9007199254740991", '"ü\\n\\u0000\\u001f\\"\\\\/"', "[]", "{}", '{"a":[1,{"b":null}],"b":"x"}', '{"__proto__":1,"a":2}'])("%s is read, and written again as it was", (text) => {
    expect(canonical(parseCanonical(text))).toBe(text);
  });
  it.each(["", " 1", "1 ", "1.0", "1e3", "-0", "01", "9007199254740992", '{"b":1,"a":2}', '{"a":1,"a":1}', '{"a": 1}', '"\\u00fc"', '"\\/"', '"\\u000A"', '"\\ud800"', '"\u0001"', "[1,]", "nul", "[".repeat(200_000)])("%s is refused", (text) => {
    expect(() => parseCanonical(text)).toThrow("not-canonical");
  });
  it("sorts names by UTF-16", () => {
    expect(canonical({ "\ufffd": 1, "\u{1f600}": 2, b: 3, a: 4 })).toBe('{"a":4,"b":3,"\u{1f600}":2,"\ufffd":1}');
  });
});
