// A text with what was found in it marked.
import type { JSX } from "react";
import { cut } from "#/base/ranges";

/** A text; `ranges` are bytes of its UTF-8, as the search tells them. */
export function Highlighted({ text, ranges }: { text: string; ranges: readonly (readonly number[])[] }): JSX.Element {
  return <>{cut(text, ranges).map((piece, place) => (piece.found ? <mark key={place}>{piece.text}</mark> : piece.text))}</>;
}
