// Writes what was ticked as the search's own words, so that what the page finds and what is typed are one language.
import type { CatalogView } from "./view";

/** The facets, in the order in which they are shown; each is also a word of the search. */
export const FACETS = ["type", "tag", "owner", "platform", "subtype", "ns"] as const;
export type Facet = (typeof FACETS)[number];

/** `type:` takes one of two words, without quotes. */
const bare = (value: string): string => value.replaceAll(/[^a-z]/g, "");
const quote = (value: string): string => `"${value.replaceAll(/["\\]/g, "\\$&")}"`;

/** Returns the whole search text: what was typed, and what was ticked. */
export function searchText(view: CatalogView): string {
  const ticked = FACETS.filter((facet) => view[facet].length > 0).map((facet) => `${facet}:${view[facet].map(facet === "type" ? bare : quote).join(",")}`);
  return [view.q.trim(), ...ticked].filter(Boolean).join(" ");
}

/** Returns what was ticked, one by one. */
export function tickedOf(view: CatalogView): { facet: Facet; value: string }[] {
  return FACETS.flatMap((facet) => view[facet].map((value) => ({ facet, value })));
}

/** Returns the values of a facet with one ticked or no more. */
export function toggled(values: readonly string[], value: string): readonly string[] {
  return values.includes(value) ? values.filter((one) => one !== value) : [...values, value].sort();
}
