// Quality, as OpenLineage's facets tell it. Producers write what they like: what is not as it should be is left out.

/** One assertion about a dataset. */
export interface Assertion {
  assertion: string;
  column: string;
  isMet: boolean;
  /** `error` or `warn`, where it is said. */
  severity: string;
}

/** Statistics of a column. */
export interface ColumnMetrics {
  column: string;
  /** By their names in the facet: `nullCount`, `distinctCount`, `min` … */
  values: Record<string, number>;
}

/** Statistics of a dataset. */
export interface Metrics {
  whole: Record<string, number>;
  columns: ColumnMetrics[];
}

type Facets = Record<string, Record<string, unknown>>;

const isObject = (thing: unknown): thing is Record<string, unknown> => typeof thing === "object" && thing !== null && !Array.isArray(thing);

/** Reads `dataQualityAssertions`. */
export function assertionsOf(facets: Facets): Assertion[] {
  const told = facets["dataQualityAssertions"]?.["assertions"];
  if (!Array.isArray(told)) return [];
  return told.filter(isObject).flatMap((one) => {
    const { assertion, column, success, severity } = one;
    if (typeof assertion !== "string" || typeof success !== "boolean") return [];
    return [{ assertion, column: typeof column === "string" ? column : "", isMet: success, severity: typeof severity === "string" ? severity : "" }];
  });
}

function numbers(from: Record<string, unknown>): Record<string, number> {
  return Object.fromEntries(Object.entries(from).filter((entry): entry is [string, number] => typeof entry[1] === "number"));
}

/** Reads `dataQualityMetrics`; null if there are none. */
export function metricsOf(facets: Facets): Metrics | null {
  const told = facets["dataQualityMetrics"];
  if (told === undefined) return null;
  const of = isObject(told["columnMetrics"]) ? told["columnMetrics"] : {};
  const columns = Object.entries(of).flatMap(([column, values]) => (isObject(values) ? [{ column, values: numbers(values) }] : []));
  const whole = numbers(told);
  return Object.keys(whole).length + columns.length === 0 ? null : { whole, columns };
}

/** What a run said of a dataset that it wrote. */
export interface Written {
  rows: number | null;
  bytes: number | null;
}

/** Reads `outputStatistics`; null where there are none. */
export function writtenOf(facets: Facets): Written | null {
  const told = facets["outputStatistics"];
  if (told === undefined) return null;
  const number = (name: string): number | null => (typeof told[name] === "number" ? told[name] : null);
  return { rows: number("rowCount"), bytes: number("size") };
}
