// The explorer's view in its URL: whole, and the same for the same view.
import { expect, it } from "vitest";
import { parseQuery, writeQuery } from "#/base/view";
import { type LineageView, lineageView } from "./view";

const VIEW: LineageView = {
  up: 4, down: 100, limit: 1500, level: "column", col: "e mail", jobs: true, past: true, at: "2026-11-01T00:00:00Z", diff: "2026-10-01T00:00:00Z", group: "folder",
  open: ["group-file /lake", "group-x"], fold: ["down~a"], more: ["up~b"], hide: ["c"], overlay: "pii:user.name", only: true, sel: "d", part: "col.x", edge: "a>b",
  from: "datasetField:postgres://db:5432:shop.orders:ä", to: "dataset:1", k: 3, view: "table", q: "a b", cx: -120, cy: 40, z: 850,
};

it("holds everything", () => {
  expect(lineageView.of(parseQuery(writeQuery(VIEW)))).toEqual(VIEW);
});

it("says nothing of what is as by default", () => {
  expect(writeQuery(lineageView.strip({ search: lineageView.defaults, next: (search) => search }))).toBe("");
});
