// How two schemas differ.
import { expect, it } from "vitest";
import { isReordered, schemaDiff } from "./schema_diff";

const column = (name: string, type: string | null = "INT", description: string | null = null) => ({ name, type, description, tags: [] });

it("tells what was added, removed, retyped and described", () => {
  const before = [column("id"), column("old"), column("total", "INT"), column("note", null, "A")];
  const after = [column("id"), column("total", "BIGINT"), column("note", "TEXT", "B"), column("new", "TEXT")];
  expect(schemaDiff(before, after)).toEqual([
    { change: "removed", column: "old", type: "INT" },
    { change: "retyped", column: "total", before: "INT", after: "BIGINT" },
    { change: "retyped", column: "note", before: "", after: "TEXT" },
    { change: "described", column: "note", before: "A", after: "B" },
    { change: "added", column: "new", type: "TEXT" },
  ]);
});

it("sees no difference in what is equal, and another order apart", () => {
  const [a, b] = [column("a"), column("b")];
  expect(schemaDiff([a, b], [b, a])).toEqual([]);
  expect(isReordered([a, b], [b, a])).toBe(true);
  expect(isReordered([a, b], [a, b])).toBe(false);
  expect(isReordered([a, b], [a, column("c")])).toBe(false);
});
