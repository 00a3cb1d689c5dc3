// Where the pages of the audit log live, and their view state. References of people are random ids; no name is in an address.
import { createRoute } from "@tanstack/react-router";
import { choice, flag, moment, text, view } from "#/base/view";
import { lazyPage } from "#/parts/lazy_page";
import { rootRoute } from "#/routing/root";

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

const logRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/audit",
  validateSearch: auditView.read,
  search: { middlewares: [auditView.strip] },
  component: lazyPage(() => import("./LogPage"), "LogPage"),
});

const recordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/audit/records/$id",
  component: lazyPage(() => import("./RecordPage"), "RecordPage"),
});

const readersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/audit/access",
  validateSearch: readersView.read,
  search: { middlewares: [readersView.strip] },
  component: lazyPage(() => import("./ReadersPage"), "ReadersPage"),
});

const verifyRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/verify",
  component: lazyPage(() => import("./VerifyPage"), "VerifyPage"),
});

export const auditRoutes = [logRoute, recordRoute, readersRoute, verifyRoute] as const;
