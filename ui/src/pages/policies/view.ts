// The view state of the policies' pages, and the question of the policy test, which refusals link to.
import { choice, count, moment, text, view } from "#/base/view";

const VERSIONS = 999_999_999;

/** Can [who] [do] on [what] for [purpose] at [at]? Empty `who` is whoever asks. `whoCan` is the page of those who may. */
export const policyTestView = view({ who: text(), do: text(), what: text(), purpose: text(), at: moment(), whoCan: text() });
export type PolicyQuestion = typeof policyTestView.defaults;

/** The sets of rules: where the list goes on. */
export const policiesView = view({ after: text() });

/** The parts of a set that are shown one at a time. */
export const SET_TABS = ["rules", "text", "compare", "findings", "cases", "effects"] as const;
/** A set of rules: which part, which rule, whose rules, compared with which set (0 is the one in force). */
export const setView = view({ tab: choice(SET_TABS, "rules"), rule: text(), role: text(), against: count(0, VERSIONS, 0) });

/** A draft that is being written: on which set it is based (0 is the one in force). */
export const draftView = view({ from: count(0, VERSIONS, 0), tab: choice(["problems", "changes", "effects"], "problems") });
