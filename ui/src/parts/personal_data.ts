// Personal data, as tags tell of it: `class:PATH` is what rules decide by, `pii:PATH` is how pipelines mark columns. Paths are
// those of the Fides taxonomy (`user.contact.email`).

/** A class of personal data. */
export interface PersonalData {
  /** Without `user.`; empty if the tag names no class. */
  path: string;
  /** Whether it is of a special category (GDPR, Art. 9). */
  isSpecial: boolean;
  tag: string;
}

const MARK = /^(?:class|pii)(?::(.*))?$/i;
const SPECIAL = /(^|[._])(health|medical|biometric|genetic|race|ethnicity|religious|religion|political|sexual|sex_life|trade_union)/i;

/** Returns what a tag says of personal data; null if it says nothing of it. */
export function personalData(tag: string): PersonalData | null {
  const found = MARK.exec(tag);
  if (!found) return null;
  const path = (found[1] ?? "").toLowerCase().replace(/^user\./, "");
  return { path, isSpecial: SPECIAL.test(path), tag };
}

/** Parts tags into those that tell of personal data, each class once, special ones first, and the others. */
export function splitTags(tags: readonly string[]): { personal: PersonalData[]; others: string[] } {
  const byPath = new Map<string, PersonalData>();
  const others: string[] = [];
  for (const tag of tags) {
    const found = personalData(tag);
    if (found === null) others.push(tag);
    else if (!byPath.has(found.path)) byPath.set(found.path, found);
  }
  const personal = [...byPath.values()].sort((a, b) => Number(b.isSpecial) - Number(a.isSpecial) || (a.path < b.path ? -1 : 1));
  return { personal, others };
}
