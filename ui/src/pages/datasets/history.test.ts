// What edits say of one dataset.
import { expect, it } from "vitest";
import { changesOf } from "./history";

const names = [{ namespace: "ns", name: "a" }, { namespace: "ns", name: "alias" }];

it("takes out of a bulk what concerns the dataset", () => {
  const datasets = [
    { namespace: "ns", name: "other", description: "No.", owners: null, tags: ["x"], fields: null, properties: {} },
    { namespace: "ns", name: "a", description: "Orders.", owners: [["ann", "STEWARD"], ["bob", null]], tags: ["gold"], fields: [{ name: "id" }], properties: { sla: "1h" } },
  ];
  expect(changesOf({ edit: "putDatasets", datasets }, names)).toEqual([
    { what: "description", column: "", value: "Orders." },
    { what: "owners", value: [{ name: "ann", type: "STEWARD" }, { name: "bob", type: null }] },
    { what: "tag", tag: "gold", column: "", isOn: true },
    { what: "columns", count: 1 },
    { what: "properties", names: ["sla"] },
  ]);
});

it("reads tags and descriptions of columns, and what was hidden", () => {
  expect(changesOf({ edit: "describe", field: "email", description: null }, names)).toEqual([{ what: "description", column: "email", value: "" }]);
  expect(changesOf({ edit: "tag", field: "email", tag: "PII", on: false }, names)).toEqual([{ what: "tag", tag: "PII", column: "email", isOn: false }]);
  expect(changesOf({ edit: "setDeleted", deleted: true }, names)).toEqual([{ what: "deleted", isDeleted: true }]);
});

it("makes nothing of what it does not know", () => {
  expect(changesOf({ edit: "somethingNew" }, names)).toEqual([]);
  expect(changesOf({}, names)).toEqual([]);
});
