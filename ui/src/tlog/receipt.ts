// Receipts (C2SP tlog-proof, version 1): one entry's proof. Checked in steps, each of which is told, so that people see
// what holds and what does not.
import { type Bytes, decimal, decodeText, fromBase64, isSame } from "./bytes";
import { isObject, parseCanonical } from "./canonical";
import { Fault } from "./fault";
import { openCheckpoint, readCheckpoint, type VerifierKey } from "./note";
import { type Head, leafHash, readHash, rootOfInclusion } from "./tree";

const FIRST_LINE = "c2sp.org/tlog-proof@v1";

/** A receipt as it is written. Reading it is not believing it. */
export interface Receipt {
  readonly index: number;
  /** Hashes beside the way from the entry up to the root. */
  readonly path: readonly Bytes[];
  /** The signed head. */
  readonly note: string;
}

/** Reads a receipt. Throws a Fault. */
export function readReceipt(text: string): Receipt {
  const end = text.indexOf("\n\n");
  const lines = text.slice(0, Math.max(end, 0)).split("\n");
  if (lines.shift() !== FIRST_LINE) throw new Fault("not-a-receipt");
  if (lines[0]?.startsWith("extra ")) fromBase64((lines.shift() ?? "").slice("extra ".length));
  const index = decimal(/^index (.*)$/.exec(lines.shift() ?? "")?.[1] ?? "");
  if (index === null) throw new Fault("not-a-receipt");
  return { index, path: lines.map(readHash), note: text.slice(end + 2) };
}

/** What is checked, in order. */
export const STEPS = ["record", "receipt", "signature", "inclusion"] as const;
export type StepId = (typeof STEPS)[number];

/** One step: `skipped` if what it needs has failed. */
export interface Step<I extends string = StepId> {
  readonly id: I;
  readonly state: "passed" | "failed" | "skipped";
  readonly fault?: Fault;
}

/** What was found out of a receipt. It holds if every step has passed. */
export interface Checked {
  readonly steps: readonly Step[];
  readonly isVerified: boolean;
  readonly leaf?: Bytes;
  readonly index?: number;
  /** The head that the receipt states; vouched for only if the step `signature` has passed. */
  readonly head?: Head;
}

/** Takes whatever was thrown as a fault; passes on what is none. */
export function asFault(thrown: unknown): Fault {
  if (thrown instanceof Fault) return thrown;
  throw thrown;
}

/** Checks that an entry, byte for byte, belongs to a log. Throws a Fault. */
export function checkEntry(entry: Uint8Array, origin: string): void {
  const record = parseCanonical(decodeText(entry));
  const log = isObject(record) ? record["log"] : undefined;
  if (log !== origin) throw new Fault("other-log", { wanted: origin, ...(typeof log === "string" ? { found: log } : {}) });
}

/** Checks that an entry is in the log that the key signs. */
export async function checkReceipt(text: string, entry: Uint8Array, key: VerifierKey): Promise<Checked> {
  const steps: Step[] = [];
  const step = async <T>(id: StepId, needs: boolean, run: () => T | Promise<T>): Promise<T | undefined> => {
    if (!needs) {
      steps.push({ id, state: "skipped" });
      return undefined;
    }
    try {
      const result = await run();
      steps.push({ id, state: "passed" });
      return result;
    } catch (thrown) {
      steps.push({ id, state: "failed", fault: asFault(thrown) });
      return undefined;
    }
  };
  await step("record", true, () => { checkEntry(entry, key.name); });
  const leaf = await leafHash(entry);
  const receipt = await step("receipt", true, () => readReceipt(text));
  const signed = await step("signature", receipt !== undefined, async () => await openCheckpoint(receipt?.note ?? "", key));
  // Where the entry leads is told even if nobody vouches for that head.
  const head = signed ?? told(receipt?.note);
  await step("inclusion", receipt !== undefined && head !== undefined, async () => {
    if (receipt === undefined || head === undefined) return;
    const root = await rootOfInclusion(leaf, receipt.index, head.size, receipt.path);
    if (!isSame(root, head.root)) throw new Fault("not-included");
  });
  const isVerified = steps.every((one) => one.state === "passed");
  return { steps, isVerified, leaf, ...(receipt ? { index: receipt.index } : {}), ...(head ? { head } : {}) };
}

function told(note: string | undefined): Head | undefined {
  try {
    return readCheckpoint((note ?? "").slice(0, (note ?? "").lastIndexOf("\n\n") + 1));
  } catch {
    return undefined;
  }
}
