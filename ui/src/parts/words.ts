// The words of a name, to search for what is called alike: whatever else is in it would be read as syntax of the search.

const WORDS_MAX = 8;

/** Returns the words, joined by spaces. */
export function wordsOf(name: string): string {
  return (name.match(/[\p{L}\p{N}]+/gu) ?? []).slice(-WORDS_MAX).join(" ");
}
