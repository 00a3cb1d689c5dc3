// How two schemas differ.
import type { Api } from "#/api";

/** One difference. */
export type SchemaChange =
  | { change: "added" | "removed"; column: string; type: string }
  | { change: "retyped"; column: string; before: string; after: string }
  | { change: "described"; column: string; before: string; after: string };

/** Compares two schemas; what was removed first, then in the order of the later one. */
export function schemaDiff(before: readonly Api.Column[], after: readonly Api.Column[]): SchemaChange[] {
  const earlier = new Map(before.map((column) => [column.name, column]));
  const later = new Set(after.map((column) => column.name));
  const changes: SchemaChange[] = before
    .filter((column) => !later.has(column.name))
    .map((column) => ({ change: "removed", column: column.name, type: column.type ?? "" }));
  for (const column of after) {
    const was = earlier.get(column.name);
    if (was === undefined) {
      changes.push({ change: "added", column: column.name, type: column.type ?? "" });
      continue;
    }
    const types = [was.type ?? "", column.type ?? ""] as const;
    const texts = [was.description ?? "", column.description ?? ""] as const;
    if (types[0] !== types[1]) changes.push({ change: "retyped", column: column.name, before: types[0], after: types[1] });
    if (texts[0] !== texts[1]) changes.push({ change: "described", column: column.name, before: texts[0], after: texts[1] });
  }
  return changes;
}

/** Whether two schemas have the same columns in another order. */
export function isReordered(before: readonly Api.Column[], after: readonly Api.Column[]): boolean {
  const names = (columns: readonly Api.Column[]): string[] => columns.map((column) => column.name);
  const [a, b] = [names(before), names(after)];
  return a.length === b.length && a.join("\n") !== b.join("\n") && new Set([...a, ...b]).size === a.length;
}
