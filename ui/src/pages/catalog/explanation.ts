// Reads the explanation of a result. The API's document says only that it is an object, so it is read with care.

/** What a score is made of. */
export interface Explanation {
  score: number;
  exactness: string;
  words: { word: string; field: string; how: string; points: number }[];
  /** Shares between 0 and 1. */
  usage: number;
  freshness: number;
}

type Loose = Record<string, unknown>;
const loose = (thing: unknown): Loose => (typeof thing === "object" && thing !== null ? (thing as Loose) : {});
const number = (thing: unknown): number => (typeof thing === "number" ? thing : 0);
const string = (thing: unknown): string => (typeof thing === "string" ? thing : "");

/** Reads it; what is missing is empty. */
export function readExplanation(told: unknown): Explanation {
  const all = loose(told);
  const words = Array.isArray(all["text"]) ? all["text"].map(loose) : [];
  return {
    score: number(all["score"]),
    exactness: string(loose(all["exactness"])["meaning"]),
    words: words.map((one) => ({ word: string(one["word"]), field: string(one["field"]), how: string(one["how"]), points: number(one["points"]) })),
    usage: number(all["usage"]),
    freshness: number(all["freshness"]),
  };
}
