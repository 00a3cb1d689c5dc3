// Joins class names; leaves out what does not hold.
/** Returns the names that hold, joined. */
export function classes(...names: (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(" ");
}
