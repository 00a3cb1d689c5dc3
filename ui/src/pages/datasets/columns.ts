// Which columns are shown, and in which order.
import type { Api } from "#/api";
import { personalData } from "#/parts/personal_data";
import type { DatasetView } from "./view";

/** Returns the columns that fit what is typed and ticked, each with its place in the schema. */
export function shownColumns(columns: readonly Api.Column[], { find, personal, order }: Pick<DatasetView, "find" | "personal" | "order">): { column: Api.Column; place: number }[] {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  const found = columns
    .map((column, place) => ({ column, place: place + 1 }))
    .filter(({ column }) => {
      if (personal && !column.tags.some((tag) => personalData(tag) !== null)) return false;
      if (words.length === 0) return true;
      const all = [column.name, column.type ?? "", column.description ?? "", ...column.tags].join("\n").toLowerCase();
      return words.every((word) => all.includes(word));
    });
  if (order === "position") return found;
  const key = ({ column }: { column: Api.Column }): string => (order === "name" ? column.name : (column.type ?? ""));
  return found.sort((a, b) => key(a).localeCompare(key(b)) || a.place - b.place);
}
