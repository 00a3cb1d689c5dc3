// Lines of rules, and which lines of two texts differ.
import { describe, expect, it } from "vitest";
import { caseLine, readCases } from "./case_line";
import { shortened } from "./Changes";
import { grouped } from "./effects";
import { diffLines } from "./line_diff";
import { fieldsOf, linesOfRules, readRule } from "./rule_line";

describe("lines of rules", () => {
  it("have fields, quoted where they hold commas", () => {
    expect(fieldsOf('p, a, "x, ""y""" , *,')).toEqual(["p", "a", 'x, "y"', "*", ""]);
    expect(fieldsOf("g2, steward, viewer")).toEqual(["g2", "steward", "viewer"]);
  });
  it("are rules only if they begin so", () => {
    expect(readRule("p, r, viewer, *, dataset:read, !class:*, *, allow, mask:*; redact_sql")).toMatchObject({ id: "r", selector: "!class:*", effect: "allow", obligations: ["mask:*", "redact_sql"] });
    expect(readRule("g, user:ann, viewer, *")).toBeNull();
    expect([...linesOfRules("# p, no\n\np, a, x\n p , b, y\ng2, c, d")]).toEqual([["a", 3], ["b", 4]]);
  });
});

/** Makes a text of a few lines from a number, so that all small pairs are tried. */
const textOf = (number: number): string => Array.from(number.toString(3)).join("\n");

describe("a difference", () => {
  it("gives both texts back, and says nothing of equal ones", () => {
    for (let one = 0; one < 60; one += 1) {
      for (let other = 0; other < 60; other += 1) {
        const [before, after] = [textOf(one), textOf(other)];
        const lines = diffLines(before, after);
        expect(lines.filter((line) => line.kind !== "added").map((line) => line.text).join("\n")).toBe(before);
        expect(lines.filter((line) => line.kind !== "removed").map((line) => line.text).join("\n")).toBe(after);
        expect(lines.filter((line) => line.before !== null).map((line) => line.before)).toEqual(before.split("\n").map((_, place) => place + 1));
        expect(lines.filter((line) => line.after !== null).map((line) => line.after)).toEqual(after.split("\n").map((_, place) => place + 1));
        if (before === after) expect(lines.every((line) => line.kind === "same")).toBe(true);
      }
    }
  });
  it("is as small as it can be", () => {
    const changed = diffLines("a\nb\nc\na\nb\nb\na", "c\nb\na\nb\na\nc").filter((line) => line.kind !== "same");
    expect(changed).toHaveLength(5);
  });
  it("of texts that have nothing in common ends soon", () => {
    const [before, after] = ["a", "b"].map((letter) => Array.from({ length: 3_000 }, (_, line) => `${letter}${line}`).join("\n"));
    expect(diffLines(before ?? "", after ?? "")).toHaveLength(6_000);
  });
});

describe("what is shown of it", () => {
  it("leaves out long stretches that are the same, and says how long", () => {
    const before = Array.from({ length: 20 }, (_, line) => `line ${line}`).join("\n");
    const pieces = shortened(diffLines(before, before.replace("line 10", "else")));
    expect(pieces.filter((piece) => piece.kind === "skipped").map((piece) => piece.count)).toEqual([7, 6]);
    expect(pieces).toHaveLength(2 + 3 + 2 + 3);
  });
});

describe("cases", () => {
  const text = "# comment\nprincipal, action, resource, context, expected\nuser:ann role:viewer, dataset:read, dataset ns:sales, purpose:billing now:2026-01-05T12:00:00Z, allow mask:class:*\n";
  it("are read, and asked as questions", () => {
    expect(readCases(text)).toEqual([{
      line: 3, who: "user:ann role:viewer", act: "dataset:read", what: "dataset ns:sales", context: "purpose:billing now:2026-01-05T12:00:00Z", expected: "allow mask:class:*",
      question: { who: "user:ann role:viewer", do: "dataset:read", what: "dataset ns:sales", purpose: "billing", at: "2026-01-05T12:00:00Z" },
    }]);
  });
  it("are written from what was decided", () => {
    const decision = { principal: "user:ann", known: true, auth: "mfa", allow: true, why: "rules", policyVersion: 1, rules: [], obligations: ["mask:class:*", "redact_sql"], roles: ["everyone", "viewer"] };
    const line = caseLine(decision, { principal: { reference: "user:ann" }, action: "dataset:read", resource: { kind: "dataset", namespace: "a,b" }, context: { purpose: "billing" } });
    expect(line).toBe('user:ann role:viewer auth:mfa, dataset:read, "dataset ns:a,b", purpose:billing, allow mask:class:*; redact_sql');
    expect(caseLine(decision, { principal: { reference: "user:ann" }, action: "dataset:read", dataset: { namespace: "a", name: "b" } })).toBeNull();
  });
});

it("tells alike changes together, with all that they are about", () => {
  const one = { change: "gains", principal: "user:a", action: "dataset:read", resource: { kind: "dataset" }, rulesBefore: [], rulesAfter: ["r"], obligationsAfter: [] };
  const told = grouped([one, { ...one, resource: { kind: "dataset", namespace: "n" } }, { ...one, principal: "user:b" }]);
  expect(told.map((change) => [change.principal, change.resources.length])).toEqual([["user:a", 2], ["user:b", 1]]);
});
