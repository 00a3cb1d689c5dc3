// Which columns are shown.
import { expect, it } from "vitest";
import { shownColumns } from "./columns";

const columns = [
  { name: "id", type: "INT", description: null, tags: [] },
  { name: "mail", type: "TEXT", description: "Where to write", tags: ["pii:user.contact.email"] },
  { name: "amount", type: "DECIMAL", description: null, tags: ["gold"] },
];
const names = (view: Partial<Parameters<typeof shownColumns>[1]>): string[] =>
  shownColumns(columns, { find: "", personal: false, order: "position", ...view }).map(({ column, place }) => `${place} ${column.name}`);

it("finds words in names, types, descriptions and tags, all of them", () => {
  expect(names({ find: "text WRITE" })).toEqual(["2 mail"]);
  expect(names({ find: "gold" })).toEqual(["3 amount"]);
  expect(names({ find: "text gold" })).toEqual([]);
});

it("keeps only what is personal", () => {
  expect(names({ personal: true })).toEqual(["2 mail"]);
});

it("sorts, and keeps the place in the schema", () => {
  expect(names({})).toEqual(["1 id", "2 mail", "3 amount"]);
  expect(names({ order: "name" })).toEqual(["3 amount", "1 id", "2 mail"]);
  expect(names({ order: "type" })).toEqual(["3 amount", "1 id", "2 mail"]);
});
