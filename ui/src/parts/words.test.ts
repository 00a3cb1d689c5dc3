// The words of a name.
import { expect, it } from "vitest";
import { wordsOf } from "./words";

it("takes words only, the last ones of a long name", () => {
  expect(wordsOf('shop.public."größe":-x')).toBe("shop public größe x");
  expect(wordsOf("a/b/c/d/e/f/g/h/i/j")).toBe("c d e f g h i j");
  expect(wordsOf("·")).toBe("");
});
