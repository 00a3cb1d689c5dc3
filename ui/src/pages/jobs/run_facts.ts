// What a run's facets say, as far as it is told in places of its own. Producers write what they like.
import type { Api } from "#/api";

type Facets = Record<string, Record<string, unknown>>;
const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Why a run failed. */
export interface RunError {
  message: string;
  language: string;
  stack: string;
}

/** Reads `errorMessage`; null if there is none. */
export function errorOf(facets: Facets): RunError | null {
  const told = facets["errorMessage"];
  if (told === undefined) return null;
  return { message: text(told["message"]), language: text(told["programmingLanguage"]), stack: text(told["stackTrace"]) };
}

/** The interval that a run stands for; empty texts where it is not told. */
export function nominalOf(facets: Facets): { start: string; end: string } {
  const told = facets["nominalTime"] ?? {};
  return { start: text(told["nominalStartTime"]), end: text(told["nominalEndTime"]) };
}

/** How many rows a run read from or wrote to a dataset, and how many bytes. */
export function amountOf({ facets }: Pick<Api.RunDataset, "facets">): { rows: number | null; bytes: number | null } {
  const told = facets["outputStatistics"] ?? facets["inputStatistics"] ?? {};
  const number = (name: string): number | null => (typeof told[name] === "number" ? told[name] : null);
  return { rows: number("rowCount"), bytes: number("size") };
}

/** How long the middle one of some runs took; null if none has ended. */
export function medianDuration(runs: readonly Pick<Api.RunBody, "durationMs">[]): number | null {
  const spans = runs.flatMap((run) => run.durationMs ?? []).sort((a, b) => a - b);
  const middle = Math.floor(spans.length / 2);
  const upper = spans[middle];
  if (upper === undefined) return null;
  return spans.length % 2 === 1 ? upper : ((spans[middle - 1] ?? upper) + upper) / 2;
}
