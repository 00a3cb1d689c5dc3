// The search text of what was typed and ticked.
import { expect, it } from "vitest";
import { searchText, tickedOf, toggled } from "./query_text";
import { catalogView } from "./view";

const view = { ...catalogView.defaults, q: " orders ", tag: ["layer:gold", 'say "hi"\\'], ns: ["postgres://db:5432"] };

it("is one text, in which a comma means or", () => {
  expect(searchText(view)).toBe('orders tag:"layer:gold","say \\"hi\\"\\\\" ns:"postgres://db:5432"');
  expect(searchText({ ...catalogView.defaults, type: ["dataset", "job"] })).toBe("type:dataset,job");
  expect(searchText(catalogView.defaults)).toBe("");
});

it("knows what is ticked, and ticks and unticks", () => {
  expect(tickedOf(view)).toHaveLength(3);
  expect(toggled(toggled(["b"], "a"), "b")).toEqual(["a"]);
});
