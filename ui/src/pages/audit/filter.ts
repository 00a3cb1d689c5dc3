// Which records are wanted, as tokens: what people type, what is in the address, and what the server is asked.
import type { AuditView } from "./view";

/** What records are told apart by, in the order of the tokens. */
export const FIELDS = ["actor", "action", "outcome", "dataset", "resource", "subject", "purpose", "from", "until"] as const;
export type Field = (typeof FIELDS)[number];
export type Filter = Pick<AuditView, Field>;

/** One condition. */
export interface Token {
  readonly field: Field;
  readonly value: string;
}

export const OUTCOMES = ["denied", "failed", "allowed", "done"] as const;
export type Outcome = (typeof OUTCOMES)[number];

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Returns what is filtered by. */
export function tokensOf(view: Filter): Token[] {
  return FIELDS.filter((field) => view[field] !== "").map((field) => ({ field, value: view[field] }));
}

/** Returns the filter as the API takes it. */
export function askedOf(view: Filter): Partial<Omit<Filter, "outcome">> & { outcome?: Outcome } {
  const { outcome, ...rest } = view;
  const texts = FIELDS.filter((field) => field !== "outcome").filter((field) => rest[field] !== "").map((field) => [field, rest[field]] as const);
  return { ...Object.fromEntries(texts), ...(outcome === "" ? {} : { outcome }) };
}

/** Reads what somebody typed for a field. Returns the value, or null if the field takes no such thing. */
export function readValue(field: Field, typed: string): string | null {
  const value = typed.trim();
  if (value === "") return null;
  if (field === "outcome") return OUTCOMES.find((one) => one === value.toLowerCase()) ?? null;
  if (field === "actor" || field === "resource" || field === "subject") return UUID.test(value) ? value.toLowerCase() : null;
  if (field === "dataset") return /^(dataset|job):.+:.+/.test(value) ? value : null;
  if (field === "from" || field === "until") {
    const time = Date.parse(value);
    return Number.isNaN(time) ? null : new Date(time).toISOString();
  }
  return value;
}

/** Reads a token as it is typed: `outcome:denied`. Returns null if it is none. */
export function readToken(typed: string): Token | null {
  const colon = typed.indexOf(":");
  const field = FIELDS.find((one) => one === typed.slice(0, Math.max(colon, 0)).trim().toLowerCase());
  const value = field === undefined ? null : readValue(field, typed.slice(colon + 1));
  return field === undefined || value === null ? null : { field, value };
}

/** The name that a dataset or job has in a filter. */
export function nodeOf(kind: string, namespace: string, name: string): string {
  return `${kind}:${namespace}:${name}`;
}
