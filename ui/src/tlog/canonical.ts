// Canonical JSON (RFC 8785 without fractions): one value has one text, so what is shown is what was hashed.
import { Fault } from "./fault";

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

/** Returns the canonical text of a value. Throws a Fault for what has none. */
export function canonical(value: Json): string {
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new Fault("not-canonical");
    return String(value);
  }
  if (typeof value === "string") {
    if (/\p{Surrogate}/u.test(value)) throw new Fault("not-canonical");
    return JSON.stringify(value);
  }
  if (value === null || typeof value === "boolean") return String(value);
  if (isList(value)) return `[${value.map(canonical).join(",")}]`;
  // Sorted by UTF-16 units, as texts compare here anyway.
  const members = Object.keys(value).sort().map((name) => `${canonical(name)}:${canonical(value[name] ?? null)}`);
  return `{${members.join(",")}}`;
}

/** Reads a text that must be canonical. Throws a Fault. */
export function parseCanonical(text: string): Json {
  let value: Json;
  let again = "";
  try {
    value = JSON.parse(text) as Json;
    again = canonical(value);
  } catch {
    // No JSON, no canonical form, or nested so deeply that it cannot be read.
    throw new Fault("not-canonical");
  }
  if (again !== text) throw new Fault("not-canonical");
  return value;
}

/** Says whether a value is an object. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !isList(value);
}

/** Says whether a value is a list. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
