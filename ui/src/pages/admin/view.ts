// The sections of administration, and the view state of its lists.
import { text, view } from "#/base/view";

/** The sections. */
export const SECTIONS = ["users", "groups", "service-accounts", "roles", "keys", "dead-letters", "system"] as const;
export type Section = (typeof SECTIONS)[number];

/** Where a list goes on, and what its rows must hold. */
export const sectionView = view({ after: text(), q: text() });
