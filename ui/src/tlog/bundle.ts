// Bundles: an export of the log as JSON Lines (docs/audit.md), checked line by line; of all records nothing is kept but
// the tree's right edge. The first fault ends it.
import { type Bytes, decimal, decodeText, isSame } from "./bytes";
import { isList, isObject, type Json, parseCanonical } from "./canonical";
import { Fault } from "./fault";
import { isSameHead, openCheckpoint, type VerifierKey } from "./note";
import { asFault, checkEntry } from "./receipt";
import { checkGrowth, Frontier, type Head, leafHash, readHash, rootOfInclusion } from "./tree";

/** A record of 65,535 bytes with its proof, or a note in JSON. */
export const LINE_MAX = 512 * 1024;
const FORMAT = "lethe-audit-bundle/1";
const RECORD = /^(\{"index":(\d+)(?:,"proof":(\[[^\]]*\]))?,"record":)(.*)\}$/s;

/** What was verified. */
export interface Report {
  /** Whether it holds every record of its range, or chosen ones. */
  readonly kind: "full" | "partial";
  readonly records: number;
  /** The first and the last record. */
  readonly range: readonly [number, number] | null;
  /** Signed heads in it. */
  readonly heads: number;
  /** The last of them, which vouches for all before it. */
  readonly head: Head;
}

/** Checks one bundle. Give it every line without its line feed, then ask for the report. */
export class BundleVerifier {
  readonly #key: VerifierKey;
  /** A head that was kept elsewhere, which the log must continue. */
  readonly #held: Head | null;
  #isHeldMet = false;
  #line = 0;
  #kind: "full" | "partial" | null = null;
  #tree = new Frontier();
  #growth: Bytes[] | null = null;
  #head: Head | null = null;
  #heads = 0;
  #records = 0;
  #range: [number, number] | null = null;
  #hasEnded = false;

  constructor(key: VerifierKey, held: Head | null = null) {
    this.#key = key;
    this.#held = held;
  }

  /** How many records were read. */
  get records(): number {
    return this.#records;
  }

  /** Checks the next line. Throws a Fault. */
  async line(bytes: Uint8Array): Promise<void> {
    this.#line += 1;
    try {
      if (bytes.length > LINE_MAX) throw new Fault("too-long");
      if (this.#hasEnded) throw new Fault("misplaced");
      const text = decodeText(bytes);
      const parts = RECORD.exec(text);
      if (parts === null) await this.#other(parseCanonical(text));
      else await this.#record(bytes.subarray((parts[1] ?? "").length, -1), parts[2] ?? "", parts[3]);
    } catch (thrown) {
      throw asFault(thrown).at({ line: this.#line });
    }
  }

  /** Ends the check after the last line. Throws a Fault. */
  finish(): Report {
    const place = { line: this.#line };
    if (!this.#hasEnded || this.#head === null || this.#kind === null) throw new Fault("cut", place);
    const { size } = this.#head;
    if (this.#held !== null && this.#held.size > size) throw new Fault("held-shorter", { ...place, found: String(size), wanted: String(this.#held.size) });
    if (this.#held !== null && !this.#isHeldMet) throw new Fault("held-not-met", { ...place, wanted: String(this.#held.size) });
    return { kind: this.#kind, records: this.#records, range: this.#range, heads: this.#heads, head: this.#head };
  }

  async #record(entry: Uint8Array, digits: string, proof: string | undefined): Promise<void> {
    const index = decimal(digits);
    if (index === null) throw new Fault("not-a-bundle");
    try {
      checkEntry(entry, this.#key.name);
      const wanted = this.#kind === "full" ? this.#tree.size : (this.#range?.[1] ?? -1) + 1;
      if (this.#kind === "full" ? index !== wanted : index < wanted) throw new Fault("order", { wanted: String(wanted), found: digits });
      const leaf = await leafHash(entry);
      if (this.#kind === "full" && proof === undefined) {
        await this.#tree.push(leaf);
        await this.#meet(this.#tree.size, async () => await this.#tree.root());
      } else if (this.#kind === "partial" && proof !== undefined && this.#head !== null) {
        const root = await rootOfInclusion(leaf, index, this.#head.size, hashes(parseCanonical(proof)));
        if (!isSame(root, this.#head.root)) throw new Fault("not-included");
      } else {
        throw new Fault("misplaced");
      }
    } catch (thrown) {
      throw asFault(thrown).at({ index });
    }
    this.#records += 1;
    this.#range = [this.#range?.[0] ?? index, index];
  }

  async #other(line: Json): Promise<void> {
    const [kind, ...more] = isObject(line) ? Object.keys(line) : [];
    if (!isObject(line) || kind === undefined || more.length > 0) throw new Fault("not-a-bundle");
    const body = line[kind];
    if (kind === "bundle" && this.#kind === null) await this.#begin(body);
    else if (kind === "checkpoint" && this.#kind !== null && typeof body === "string") await this.#checkpoint(body);
    else if (kind === "consistency" && this.#kind === "partial" && this.#head !== null && this.#growth === null) this.#growth = hashes(body);
    else if (kind === "end" && this.#kind !== null) this.#end(body);
    else throw new Fault(this.#kind === null ? "not-a-bundle" : "misplaced");
  }

  async #begin(header: Json | undefined): Promise<void> {
    if (!isObject(header) || Object.keys(header).join() !== "format,from,frontier,kind,origin") throw new Fault("not-a-bundle");
    const { format, from, kind, origin } = header;
    if (format !== FORMAT || typeof from !== "number" || from < 0) throw new Fault("not-a-bundle");
    if (kind !== "full" && !(kind === "partial" && from === 0)) throw new Fault("not-a-bundle");
    if (origin !== this.#key.name) throw new Fault("other-log", { wanted: this.#key.name, ...(typeof origin === "string" ? { found: origin } : {}) });
    this.#tree = new Frontier(from, hashes(header["frontier"]));
    this.#kind = kind;
    if (kind === "full") await this.#meet(from, async () => await this.#tree.root());
  }

  async #checkpoint(note: string): Promise<void> {
    const head = await openCheckpoint(note, this.#key);
    if (this.#kind === "full") await this.#vouched(head);
    else if (this.#head !== null) await checkGrowth(this.#head, head, this.#growth ?? []);
    this.#growth = null;
    this.#head = head;
    this.#heads += 1;
    await this.#meet(head.size, () => Promise.resolve(head.root));
  }

  /** The records so far must be those that a head was signed over. */
  async #vouched(head: Head): Promise<void> {
    const { size } = this.#tree;
    if (isSameHead(head, { size, root: await this.#tree.root() })) return;
    const first = this.#head?.size ?? this.#range?.[0] ?? 0;
    throw new Fault("other-records", { found: String(size), wanted: String(head.size), ...(size > first ? { between: [first, size - 1] as const } : {}) });
  }

  #end(body: Json | undefined): void {
    if (!isObject(body) || Object.keys(body).join() !== "records") throw new Fault("not-a-bundle");
    if (this.#head === null || this.#growth !== null) throw new Fault("misplaced");
    const { records } = body;
    if (typeof records !== "number") throw new Fault("not-a-bundle");
    if (records !== this.#records) throw new Fault("miscounted", { found: String(this.#records), wanted: String(records) });
    if (this.#kind === "full" && this.#head.size !== this.#tree.size) throw new Fault("unvouched");
    this.#hasEnded = true;
  }

  /** Compares with the head that was kept, once the log has its size. */
  async #meet(size: number, root: () => Promise<Bytes>): Promise<void> {
    if (this.#held === null || size !== this.#held.size) return;
    if (!isSame(await root(), this.#held.root)) throw new Fault("held-other", { wanted: String(size) });
    this.#isHeldMet = true;
  }
}

function hashes(value: Json | undefined): Bytes[] {
  if (!isList(value)) throw new Fault("not-a-bundle");
  return value.map((one) => {
    if (typeof one !== "string") throw new Fault("not-a-hash");
    return readHash(one);
  });
}
