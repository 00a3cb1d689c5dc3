// Dropped files: told apart by what is in them.
import { File as NodeFile } from "node:buffer";
import { expect, it } from "vitest";
import { type Dropped, kindOf, missingOf, sortOut } from "./dropped";

const KEY = "lethe/audit+e56cff8f+AfC4+zMu+7gcd9sTDiTXmSRHVVBccNhKqyV5gubd8xZW";
it.each([
  ["c2sp.org/tlog-proof@v1\nindex 0\n", "receipt"], ['{"bundle":{"format"', "bundle"], [`${KEY}\n`, "key"], ["lethe/audit\n7\ncoYylZXd=\n\n— x", "head"], ['{"action":"x"}', "entry"], ["", "entry"],
])("%s", (beginning, kind) => { expect(kindOf(beginning)).toBe(kind); });

it("of each kind the last counts; an export takes the place of a receipt, and the other way round", async () => {
  const file = (name: string, text: string): File => new NodeFile([text], name) as unknown as File; // jsdom's files cannot be read
  const kinds = (all: readonly Dropped[]): string[] => all.map((one) => one.name).sort();
  const [receipt, entry, bundle, key] = [file("r", "c2sp.org/tlog-proof@v1"), file("e", "{}"), file("b", '{"bundle":'), file("k", KEY)];
  let all = await sortOut([], [key, receipt]);
  expect(missingOf(all)).toBe("entry");
  all = await sortOut(all, [entry]);
  expect([missingOf(all), kinds(all)]).toEqual([null, ["e", "k", "r"]]);
  all = await sortOut(all, [bundle]);
  expect([missingOf(all), kinds(all)]).toEqual([null, ["b", "k"]]);
  all = await sortOut(all, [file("r2", "c2sp.org/tlog-proof@v1")]);
  expect([missingOf(all), kinds(all)]).toEqual(["entry", ["k", "r2"]]);
  expect(missingOf(await sortOut([], [key]))).toBe("file");
  expect(missingOf(await sortOut([], [entry]))).toBe("receipt");
});
