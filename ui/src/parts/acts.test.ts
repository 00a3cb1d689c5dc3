// The list of acts is the server's.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { ACTS } from "./acts";

it("names the acts that the server decides on", () => {
  const source = readFileSync("../src/access/action.rs", "utf8").split("acts! {")[1]?.split("\n}\n")[0] ?? "";
  const kinds = [...source.matchAll(/^ {4}\w+ "(\w+)" \{([\s\S]*?)^ {4}\}/gm)];
  const told = Object.fromEntries(kinds.map(([, kind = "", verbs = ""]) => [kind, [...verbs.matchAll(/^ {8}\w+ "(\w+)"/gm)].map(([, verb]) => verb)]));
  expect(told).toEqual(ACTS);
});
