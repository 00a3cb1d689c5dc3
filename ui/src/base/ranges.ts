// Cuts a text at ranges given in bytes of its UTF-8, as the search marks what it found.

/** A piece of a text, and whether it was found. */
export interface Piece {
  readonly text: string;
  readonly found: boolean;
}

/** Cuts `text` into pieces. Ranges that overlap, run backwards or end outside are taken as far as they make sense. */
export function cut(text: string, ranges: readonly (readonly number[])[]): Piece[] {
  const bytes = new TextEncoder().encode(text);
  const decoder = new TextDecoder();
  const pieces: Piece[] = [];
  let at = 0;
  const push = (until: number, found: boolean): void => {
    if (until > at) pieces.push({ text: decoder.decode(bytes.subarray(at, until)), found });
    at = Math.max(at, until);
  };
  for (const [from = 0, to = 0] of [...ranges].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0))) {
    push(Math.min(from, bytes.length), false);
    push(Math.min(to, bytes.length), true);
  }
  push(bytes.length, false);
  return pieces;
}
