// The histogram's buckets: how wide, what is in each, and which times a selection of them means.
import type { Api } from "#/api";
import type { Outcome } from "./filter";

const HOUR = 3_600_000;
export const WIDTHS = { hour: HOUR, day: 24 * HOUR } as const;
export type Width = keyof typeof WIDTHS;
/** The server counts at most 750 buckets. */
const HOURS_MAX = 31 * 24;
const DAYS_MAX = 749;
const DEFAULT_BACK = 7 * 24 * HOUR;

/** The span that is counted: what the filter says, else the last seven days. */
export interface Span {
  readonly from: number;
  readonly until: number;
  readonly by: Width;
  /** Whether the filter goes back further than can be counted. */
  readonly isCut: boolean;
}

/** Returns the span of a filter. */
export function spanOf(filter: { from: string; until: string }, now: number): Span {
  const until = filter.until === "" ? now : Date.parse(filter.until);
  const from = filter.from === "" ? until - DEFAULT_BACK : Date.parse(filter.from);
  const by = until - from > HOURS_MAX * HOUR ? "day" : "hour";
  const least = until - DAYS_MAX * WIDTHS.day;
  return { from: Math.min(Math.max(from, least), until - 1), until, by, isCut: from < least };
}

/** What happened in one bucket. */
export interface Bucket {
  readonly at: number;
  readonly counts: Readonly<Partial<Record<Outcome, number>>>;
  readonly total: number;
}

/** Puts counts into all buckets of a span, also those in which nothing happened. */
export function bucketsOf({ from, until, by }: Span, items: readonly Api.Count[]): Bucket[] {
  const width = WIDTHS[by];
  const first = Math.floor(from / width) * width;
  const counts = Array.from({ length: Math.max(1, Math.ceil((until - first) / width)) }, (): Partial<Record<string, number>> => ({}));
  for (const { at, part, count } of items) {
    const bucket = counts[Math.floor((Date.parse(at) - first) / width)];
    if (bucket !== undefined) bucket[part] = (bucket[part] ?? 0) + count;
  }
  return counts.map((one, place) => ({ at: first + place * width, counts: one, total: Object.values(one).reduce<number>((sum, count) => sum + (count ?? 0), 0) }));
}

/** Returns the times that a selection of buckets means. */
export function timesOf(buckets: readonly Bucket[], by: Width, [a, b]: readonly [number, number]): { from: string; until: string } {
  const at = (place: number): number => buckets[Math.min(Math.max(place, 0), buckets.length - 1)]?.at ?? 0;
  return { from: new Date(at(Math.min(a, b))).toISOString(), until: new Date(at(Math.max(a, b)) + WIDTHS[by]).toISOString() };
}
