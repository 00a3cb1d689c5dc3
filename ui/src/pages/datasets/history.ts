// What people changed of a dataset, as the event log keeps it: each edit, in the parts that concern this dataset.
import type { Api } from "#/api";

/** One change. */
export type Change =
  | { what: "description"; column: string; value: string }
  | { what: "owners"; value: readonly Api.Owner[] }
  | { what: "tag"; tag: string; column: string; isOn: boolean }
  | { what: "columns"; count: number }
  | { what: "properties"; names: string[] }
  | { what: "deleted"; isDeleted: boolean };

type Thing = Record<string, unknown>;
const isThing = (value: unknown): value is Thing => typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function owners(value: unknown): Api.Owner[] {
  return list(value).filter(Array.isArray).map(([name, role]: unknown[]) => ({ name: text(name), type: text(role) || null }));
}

function ofPut(put: Thing): Change[] {
  const changes: Change[] = [];
  if (typeof put["description"] === "string") changes.push({ what: "description", column: "", value: put["description"] });
  if (Array.isArray(put["owners"])) changes.push({ what: "owners", value: owners(put["owners"]) });
  changes.push(...list(put["tags"]).map((tag): Change => ({ what: "tag", tag: text(tag), column: "", isOn: true })));
  if (Array.isArray(put["fields"])) changes.push({ what: "columns", count: put["fields"].length });
  const properties = isThing(put["properties"]) ? Object.keys(put["properties"]) : [];
  if (properties.length > 0) changes.push({ what: "properties", names: properties });
  return changes;
}

/** Returns what an edit changed of a dataset; `names` are the names that it is known by. */
export function changesOf(event: Thing, names: readonly Api.EntityName[]): Change[] {
  const isThis = (thing: Thing): boolean => names.some((one) => one.namespace === thing["namespace"] && one.name === thing["name"]);
  switch (event["edit"]) {
    case "putDatasets": return list(event["datasets"]).filter(isThing).filter(isThis).flatMap(ofPut);
    case "tag": return [{ what: "tag", tag: text(event["tag"]), column: text(event["field"]), isOn: event["on"] === true }];
    case "describe": return [{ what: "description", column: text(event["field"]), value: text(event["description"]) }];
    case "setOwners": return [{ what: "owners", value: owners(event["owners"]) }];
    case "setDeleted": return [{ what: "deleted", isDeleted: event["deleted"] === true }];
    default: return [];
  }
}
