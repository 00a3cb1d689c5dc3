// Puts the differences that a simulation tells together: one line for what changes for somebody in the same way, with all
// that it is about.
import type { Api } from "#/api";

/** What changes for somebody. */
export interface Change {
  id: string;
  change: string;
  principal: string;
  action: string;
  before: readonly string[];
  after: readonly string[];
  obligations: readonly string[];
  resources: Api.ResourceAsked[];
}

/** Returns the changes, in the order in which they were told. */
export function grouped(differences: readonly Api.DifferenceTold[]): Change[] {
  const found = new Map<string, Change>();
  for (const one of differences) {
    const { change, principal, action, rulesBefore: before, rulesAfter: after, obligationsAfter: obligations } = one;
    const id = JSON.stringify([change, principal, action, before, after, obligations]);
    const known = found.get(id);
    if (known) known.resources.push(one.resource);
    else found.set(id, { id, change, principal, action, before, after, obligations, resources: [one.resource] });
  }
  return [...found.values()];
}
