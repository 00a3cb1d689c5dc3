// The view state of the audit log's pages, as addresses hold it. References of people are random ids; no name is in an address.
import { choice, flag, moment, text, view } from "#/base/view";

/** Which records are shown. */
export const auditView = view({
  actor: text(),
  action: text(),
  dataset: text(),
  resource: text(),
  subject: text(),
  outcome: choice(["", "done", "allowed", "denied", "failed"], ""),
  purpose: text(),
  from: moment(),
  until: moment(),
  after: text(),
  live: flag(),
});

/** The view state, as the page has it. */
export type AuditView = typeof auditView.defaults;

/** Whose readers are asked for. Without times: the last 30 days. */
export const readersView = view({ of: text(), from: moment(), to: moment(), downstream: flag(true), after: text() });
export type ReadersView = typeof readersView.defaults;
