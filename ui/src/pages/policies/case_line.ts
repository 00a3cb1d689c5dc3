// Writes a decided question as a case of a policy: a line that says what must come out, also after the rules are changed.
import type { Api } from "#/api";
import { writeWhat } from "#/parts/question";

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
