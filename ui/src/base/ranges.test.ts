// Cutting texts at byte ranges.
import { expect, it } from "vitest";
import { cut } from "./ranges";

const marked = (text: string, ranges: number[][]): string =>
  cut(text, ranges).map((piece) => (piece.found ? `[${piece.text}]` : piece.text)).join("");

it("counts in bytes, not in characters", () => {
  expect(marked("Größe der Straße", [[0, 7]])).toBe("[Größe] der Straße");
  expect(marked("漢字 table", [[7, 12]])).toBe("漢字 [table]");
});

it("bears ranges that overlap, come unsorted or end outside", () => {
  expect(marked("abcdef", [[4, 99], [1, 3], [2, 3]])).toBe("a[bc]d[ef]");
  expect(marked("abc", [])).toBe("abc");
});
