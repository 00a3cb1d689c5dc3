// Entries of lists in the URL that name one side of a node.

/** Which way something was expanded. */
export type Side = "up" | "down";

/** Writes an entry of a list in the URL: a side and an id. */
export const sided = (side: Side, id: string): string => `${side}~${id}`;

/** Reads such entries; what is no entry is passed over. */
export function readSided(entries: readonly string[]): { side: Side; id: string }[] {
  return entries.flatMap((entry) => {
    const found = /^(up|down)~(.+)$/s.exec(entry);
    return found?.[1] && found[2] ? [{ side: found[1] as Side, id: found[2] }] : [];
  });
}
