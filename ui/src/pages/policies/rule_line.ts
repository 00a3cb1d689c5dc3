// Reads lines of a set of rules as they are written (docs/policy.md): comma-separated, quotes where needed. Only to show
// them in columns and to find a rule's line; what is valid the server says.
import type { Api } from "#/api";

/** Returns the fields of a line. */
export function fieldsOf(line: string): string[] {
  const fields: string[] = [];
  const pattern = /\s*(?:"((?:[^"]|"")*)"\s*|([^,]*))(,|$)/gy;
  for (let found = pattern.exec(line); found; found = pattern.exec(line)) {
    fields.push(found[1] === undefined ? (found[2] ?? "").trim() : found[1].replaceAll('""', '"'));
    if (found[3] === "") break;
  }
  return fields;
}

/** Reads a rule, or returns null for what is none. */
export function readRule(line: string): Api.RuleEntry | null {
  const [kind, id = "", role = "", domain = "", actions = "", selector = "", condition = "", effect = "", obligations = ""] = fieldsOf(line);
  if (kind !== "p") return null;
  return { id, role, domain, actions, selector, condition, effect, obligations: obligations.split(";").map((one) => one.trim()).filter(Boolean) };
}

/** Returns the line's number, from 1, of each rule by its id. */
export function linesOfRules(csv: string): Map<string, number> {
  const found = new Map<string, number>();
  csv.split("\n").forEach((line, place) => {
    const [kind, id] = /^\s*p\s*,/.test(line) ? fieldsOf(line) : [];
    if (kind === "p" && id !== undefined && !found.has(id)) found.set(id, place + 1);
  });
  return found;
}
