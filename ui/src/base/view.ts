// The view state of a page, as the query of its URL holds it: every parameter is declared, unknown
// ones are dropped, bad ones fall back and are reported, and equal views have equal URLs.

/** What a URL, or a link in the code, gives for one parameter. */
type Raw = unknown;

/** One parameter: reads what it is given, and says what it is when nothing is given. */
export interface Param<T> {
  readonly fallback: T;
  /** Returns the value, or undefined if it cannot be understood. */
  read(raw: Raw): T | undefined;
}

type Params = Record<string, Param<unknown>>;
type Values<P extends Params> = { [K in keyof P]: P[K]["fallback"] };

const TEXT_MAX = 2_000;
const LIST_MAX = 100;

const first = (raw: Raw): string => String(Array.isArray(raw) ? raw[0] : raw);

/** Free text. */
export function text(fallback = ""): Param<string> {
  return { fallback, read: (raw) => (first(raw).length > TEXT_MAX ? undefined : first(raw)) };
}

/** One of a few words. */
export function choice<const W extends string>(words: readonly W[], fallback: NoInfer<W>): Param<W> {
  return { fallback, read: (raw) => words.find((word) => word === first(raw)) };
}

/** A whole number between two bounds, both included. */
export function count(min: number, max: number, fallback: number): Param<number> {
  const read = (raw: Raw): number | undefined => {
    const number = /^-?\d{1,9}$/.test(first(raw)) ? Number(first(raw)) : Number.NaN;
    return number >= min && number <= max ? number : undefined;
  };
  return { fallback, read };
}

/** Yes or no. */
export function flag(fallback = false): Param<boolean> {
  return { fallback, read: (raw) => ({ true: true, false: false })[first(raw)] };
}

/** A moment (RFC 3339); empty for none. */
export function moment(): Param<string> {
  const read = (raw: Raw): string | undefined =>
    first(raw) === "" || !Number.isNaN(Date.parse(first(raw))) ? first(raw) : undefined;
  return { fallback: "", read };
}

/** Several texts: the parameter repeated. Sorted and without repetition, as their order means nothing. */
export function list(): Param<readonly string[]> {
  const read = (raw: Raw): readonly string[] | undefined => {
    const values = [...new Set((Array.isArray(raw) ? raw : [raw]).map(String))].filter(Boolean).sort();
    return values.length > LIST_MAX ? undefined : values;
  };
  return { fallback: [], read };
}

/** The view state of a page. */
export interface View<T> {
  readonly defaults: T;
  /** Reads it; for `validateSearch` of a route. Every field may be left out in a link. */
  read(this: void, raw: Partial<T> & MayBeLeftOut): T;
  /** Reads it from whatever a URL held. */
  of(this: void, raw: Record<string, unknown>): T;
  /** Leaves out what is not declared, or as by default; for `search.middlewares` of a route. */
  strip(this: void, asked: { search: T; next: (search: T) => T }): T;
}

/** Tells TanStack Router that links may leave things out (its `SearchSchemaInput`). */
interface MayBeLeftOut {
  __TSearchSchemaInput__: "TSearchSchemaInput";
}

type BadListener = (param: string) => void;
const badListeners = new Set<BadListener>();
/** What was bad while nobody listened: the address is read before the shell is there. */
const badBefore = new Set<string>();

/** Calls back for every parameter that could not be understood, earlier ones too. Returns how to stop. */
export function onBadParam(listener: BadListener): () => void {
  badListeners.add(listener);
  badBefore.forEach((name) => { listener(name); });
  badBefore.clear();
  return () => badListeners.delete(listener);
}

function reportBad(name: string): void {
  if (badListeners.size === 0) badBefore.add(name);
  badListeners.forEach((listener) => { listener(name); });
}

/** Declares the view state of a page. */
export function view<P extends Params>(params: P): View<Values<P>> {
  type T = Values<P>;
  const entries = Object.entries(params);
  const collect = (value: (name: string, param: Param<unknown>) => unknown): T =>
    Object.fromEntries(entries.map(([name, param]) => [name, value(name, param)])) as T;
  const read = (name: string, param: Param<unknown>, raw: Raw): unknown => {
    if (raw === undefined) return param.fallback;
    const value = param.read(raw);
    if (value === undefined) reportBad(name);
    return value ?? param.fallback;
  };
  const readAll = (raw: Record<string, unknown>): T => collect((name, param) => read(name, param, raw[name]));
  return {
    defaults: collect((_, param) => param.fallback),
    read: (raw) => readAll(raw),
    of: readAll,
    strip: ({ search, next }) => {
      const kept = Object.entries(next(search) as Record<string, unknown>).filter(
        ([name, value]) => name in params && JSON.stringify(value) !== JSON.stringify(params[name]?.fallback),
      );
      return Object.fromEntries(kept) as T;
    },
  };
}

/** Reads a URL's query: texts, and lists of texts where a name is repeated. */
export function parseQuery(query: string): Record<string, string | string[]> {
  const params = new URLSearchParams(query);
  const read = (name: string): string | string[] => {
    const values = params.getAll(name);
    return values.length === 1 ? (values[0] ?? "") : values;
  };
  return Object.fromEntries([...new Set(params.keys())].map((name) => [name, read(name)]));
}

/** Writes a URL's query, sorted by name, with its `?`; empty if there is nothing to say. */
export function writeQuery(values: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const name of Object.keys(values).sort()) {
    const value = values[name];
    for (const one of (Array.isArray(value) ? value : [value]) as (string | number | boolean | null | undefined)[]) {
      if (one !== undefined && one !== null) params.append(name, String(one));
    }
  }
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}
