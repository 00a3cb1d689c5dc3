// Writes a decided question as a case of a policy: a line that says what must come out, also after the rules are changed.
import type { Api } from "#/api";
import { writeWhat } from "#/parts/question";
import { fieldsOf } from "./rule_line";

const quoted = (field: string): string => (/[,"#]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);

/** Returns the line, or null where a case cannot say it: of a dataset by its name, as cases know attributes only. */
export function caseLine(decision: Api.DecisionBody, question: Api.DecideAsked): string | null {
  if (question.resource == null) return null;
  // What the rules themselves give need not be said; it does no harm either.
  const roles = decision.roles.filter((role) => role !== "everyone").map((role) => `role:${role}`);
  const who = [decision.principal, ...roles, ...(decision.auth === "password" ? [] : [`auth:${decision.auth}`])].join(" ");
  const context = [
    ...(question.context?.purpose == null ? [] : [`purpose:${question.context.purpose}`]),
    ...(question.context?.time == null ? [] : [`now:${question.context.time}`]),
  ].join(" ");
  const expected = [decision.allow ? "allow" : "deny", decision.obligations.join("; ")].filter(Boolean).join(" ");
  return [who, question.action, writeWhat(question.resource), context, expected].map(quoted).join(", ");
}

/** A case as it is written, and the question of the policy test that asks the same. */
export interface Case {
  line: number;
  who: string;
  act: string;
  what: string;
  context: string;
  expected: string;
  question: { who: string; do: string; what: string; purpose: string; at: string };
}

/** Reads cases, to show them; what is valid the server says. */
export function readCases(text: string): Case[] {
  const lines = text.split("\n").map((line, place) => ({ line: place + 1, fields: /^\s*(#|$)/.test(line) ? [] : fieldsOf(line) }));
  return lines.filter(({ fields }) => fields.length >= 5 && fields[0] !== "principal").map(({ line, fields }) => {
    const [who = "", act = "", what = "", context = "", expected = ""] = fields;
    const word = (key: string): string => context.split(/\s+/).find((one) => one.startsWith(key))?.slice(key.length) ?? "";
    return { line, who, act, what, context, expected, question: { who, do: act, what, purpose: word("purpose:"), at: word("now:") } };
  });
}
