// A record of the log, read with care: it may have been written by another version.
import type { Api } from "#/api";
import { canonical, type Json } from "#/tlog";

/** A sealed value that is kept beside a record. */
export interface Sealed {
  readonly slot: string;
  readonly subject: string;
  readonly digest: string;
}

/** A record, as far as it is understood. */
export interface RecordView {
  readonly index: number;
  readonly id: string;
  readonly at: string;
  readonly actor: { readonly ref: string; readonly kind: string; readonly auth: string; readonly token: string };
  readonly onBehalfOf: string;
  readonly action: string;
  readonly resource: { readonly kind: string; readonly id: string; readonly name: string; readonly version: string } | null;
  readonly outcome: string;
  readonly decision: { readonly policy: string; readonly rules: readonly string[]; readonly obligations: readonly string[] } | null;
  readonly purpose: string;
  readonly request: { readonly id: string; readonly trace: string } | null;
  readonly change: { readonly before: string; readonly after: string; readonly patch: unknown } | null;
  readonly sealed: readonly Sealed[];
  readonly ext: Readonly<Record<string, unknown>>;
  /** The log's entry: its one canonical text. What is shown here is made of it, and it is what is proven. */
  readonly entry: string;
}

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members => typeof value === "object" && value !== null && !Array.isArray(value);
const text = (from: Members, name: string): string => (typeof from[name] === "string" ? from[name] : "");
const members = (from: Members, name: string): Members | null => (isMembers(from[name]) ? from[name] : null);
const list = (from: Members, name: string): readonly unknown[] => (Array.isArray(from[name]) ? from[name] : []);
const texts = (from: Members, name: string): string[] => list(from, name).filter((one) => typeof one === "string");

/** Reads a record. */
export function readRecord({ index, record }: Api.AuditEntry): RecordView {
  const actor = members(record, "actor") ?? {};
  const resource = members(record, "resource");
  const decision = members(record, "decision");
  const request = members(record, "request");
  const change = members(record, "change");
  return {
    index,
    id: text(record, "id"),
    at: text(record, "ts"),
    actor: { ref: text(actor, "ref"), kind: text(actor, "kind"), auth: text(actor, "auth"), token: text(actor, "token") },
    onBehalfOf: text(record, "on_behalf_of"),
    action: text(record, "action"),
    resource: resource && { kind: text(resource, "kind"), id: text(resource, "id"), name: text(resource, "name"), version: text(resource, "version") },
    outcome: text(record, "outcome"),
    decision: decision && { policy: text(decision, "policy"), rules: texts(decision, "rules"), obligations: texts(decision, "obligations") },
    purpose: text(record, "purpose"),
    request: request && { id: text(request, "id"), trace: text(request, "trace") },
    change: change && { before: text(change, "before"), after: text(change, "after"), patch: change["patch"] },
    sealed: list(record, "pii").filter(isMembers).map((one) => ({ slot: text(one, "slot"), subject: text(one, "subject_ref"), digest: text(one, "ct_sha256") })),
    ext: members(record, "ext") ?? {},
    entry: canonical(record as unknown as Json),
  };
}
