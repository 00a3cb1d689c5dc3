// What files are that somebody drops: told apart by how they begin, never by their names.

/** What a file is. */
export type DroppedKind = "receipt" | "bundle" | "key" | "head" | "entry";

/** A file that was dropped. */
export interface Dropped {
  readonly kind: DroppedKind;
  readonly name: string;
  readonly file: File;
}

const BEGINNING = 4_096;

/** Says what a file is, by its beginning. */
export function kindOf(beginning: string): DroppedKind {
  if (beginning.startsWith("c2sp.org/tlog-proof")) return "receipt";
  if (beginning.startsWith('{"bundle":')) return "bundle";
  if (/^\s*[^+\s]+\+[0-9a-fA-F]{8}\+[A-Za-z0-9+/=]+\s*$/.test(beginning)) return "key";
  if (/^[^\n{]+\n\d+\n[A-Za-z0-9+/=]+\n/.test(beginning)) return "head";
  return "entry";
}

/** Reads what files are. Of each kind the last one counts. */
export async function sortOut(before: readonly Dropped[], files: readonly File[]): Promise<Dropped[]> {
  const found = await Promise.all(files.map(async (file) => ({ kind: kindOf(await file.slice(0, BEGINNING).text()), name: file.name, file })));
  return found.reduce<Dropped[]>((all, one) => [...all.filter((other) => other.kind !== one.kind && !excludes(one.kind, other.kind)), one], [...before]);
}

/** A receipt with its record is one question, an export another. */
function excludes(one: DroppedKind, other: DroppedKind): boolean {
  const single = (kind: DroppedKind): boolean => kind === "receipt" || kind === "entry";
  return (one === "bundle" && single(other)) || (single(one) && other === "bundle");
}

/** What is still missing, if anything. */
export type Missing = "file" | "entry" | "receipt" | null;

/** Says what is missing before anything can be checked. */
export function missingOf(dropped: readonly Dropped[]): Missing {
  const has = (kind: DroppedKind): boolean => dropped.some((one) => one.kind === kind);
  if (has("bundle") || (has("receipt") && has("entry"))) return null;
  return has("receipt") ? "entry" : has("entry") ? "receipt" : "file";
}
