// Small logs for tests, made anew with WebCrypto: the tree by RFC 6962's own recursive definitions (2.1, 2.1.1, 2.1.2),
// so that it shares no way of thinking with the verifier.
import { type Bytes, encodeText, join, toBase64, toHex } from "./bytes";
import { readKey, type VerifierKey } from "./note";
import { type Head, leafHash, nodeHash, sha256 } from "./tree";

export const ORIGIN = "log.test/audit";

const splitPoint = (size: number): number => 2 ** Math.ceil(Math.log2(size) - 1);

async function root(leaves: readonly Bytes[]): Promise<Bytes> {
  const [first] = leaves;
  if (first === undefined) return await sha256(new Uint8Array());
  if (leaves.length === 1) return first;
  const k = splitPoint(leaves.length);
  return await nodeHash(await root(leaves.slice(0, k)), await root(leaves.slice(k)));
}

async function path(index: number, leaves: readonly Bytes[]): Promise<Bytes[]> {
  if (leaves.length === 1) return [];
  const k = splitPoint(leaves.length);
  return index < k
    ? [...await path(index, leaves.slice(0, k)), await root(leaves.slice(k))]
    : [...await path(index - k, leaves.slice(k)), await root(leaves.slice(0, k))];
}

async function subproof(size: number, leaves: readonly Bytes[], isWhole: boolean): Promise<Bytes[]> {
  if (size === leaves.length) return isWhole ? [] : [await root(leaves)];
  const k = splitPoint(leaves.length);
  return size <= k
    ? [...await subproof(size, leaves.slice(0, k), isWhole), await root(leaves.slice(k))]
    : [...await subproof(size - k, leaves.slice(k), false), await root(leaves.slice(0, k))];
}

async function frontier(leaves: readonly Bytes[]): Promise<Bytes[]> {
  if (leaves.length === 0) return [];
  const k = 2 ** Math.floor(Math.log2(leaves.length));
  return [await root(leaves.slice(0, k)), ...await frontier(leaves.slice(k))];
}

/** Somebody who signs heads. */
export interface Signer {
  key: VerifierKey;
  sign: (text: string) => Promise<string>;
}

/** Makes a signer. */
export async function makeSigner(name = ORIGIN): Promise<Signer> {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  const typed = join(Uint8Array.of(1), new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)));
  const id = (await sha256(join(encodeText(`${name}\n`), typed))).slice(0, 4);
  const key = await readKey(`${name}+${toHex(id)}+${toBase64(typed)}`);
  const sign = async (text: string): Promise<string> => {
    const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", pair.privateKey, encodeText(text)));
    return `${text}\n\u2014 ${name} ${toBase64(join(id, signature))}\n`;
  };
  return { key, sign };
}

/** A log with its proofs. */
export class Log {
  readonly entries: string[];
  private constructor(readonly signer: Signer, readonly leaves: Bytes[], entries: string[]) {
    this.entries = entries;
  }

  static async of(size: number, signer: Signer, word = "edit"): Promise<Log> {
    const entries = Array.from({ length: size }, (_, at) => `{"action":"${word}","id":"r${at}","log":"${ORIGIN}","note":"\u00fc"}`);
    return new Log(signer, await Promise.all(entries.map((entry) => leafHash(encodeText(entry)))), entries);
  }

  entry(index: number): string {
    return this.entries[index] ?? "";
  }

  async head(size = this.leaves.length): Promise<Head> {
    return { size, root: await root(this.leaves.slice(0, size)) };
  }

  async note(size = this.leaves.length, origin = ORIGIN): Promise<string> {
    return await this.signer.sign(`${origin}\n${size}\n${toBase64((await this.head(size)).root)}\n`);
  }

  async path(index: number, size = this.leaves.length): Promise<Bytes[]> {
    return await path(index, this.leaves.slice(0, size));
  }

  async growth(from: number, to = this.leaves.length): Promise<Bytes[]> {
    return from === 0 ? [] : await subproof(from, this.leaves.slice(0, to), true);
  }

  async receipt(index: number, size = this.leaves.length): Promise<string> {
    const lines = (await this.path(index, size)).map(toBase64);
    return ["c2sp.org/tlog-proof@v1", `index ${index}`, ...lines].join("\n") + `\n\n${await this.note(size)}`;
  }

  /** A bundle of all records from `from`, with signed heads at those sizes. */
  async full(sizes: readonly number[], from = 0): Promise<string[]> {
    const subtrees = (await frontier(this.leaves.slice(0, from))).map(toBase64);
    const lines = [JSON.stringify({ bundle: { format: "lethe-audit-bundle/1", from, frontier: subtrees, kind: "full", origin: ORIGIN } })];
    let next = from;
    for (const size of sizes) {
      for (; next < size; next += 1) lines.push(`{"index":${next},"record":${this.entry(next)}}`);
      lines.push(JSON.stringify({ checkpoint: await this.note(size) }));
    }
    return [...lines, `{"end":{"records":${next - from}}}`];
  }

  /** A bundle of chosen records, proven under the second of two heads. */
  async partial(old: number, indices: readonly number[]): Promise<string[]> {
    const proven = await Promise.all(indices.map(async (index) => `{"index":${index},"proof":${JSON.stringify((await this.path(index)).map(toBase64))},"record":${this.entry(index)}}`));
    return [
      JSON.stringify({ bundle: { format: "lethe-audit-bundle/1", from: 0, frontier: [], kind: "partial", origin: ORIGIN } }),
      JSON.stringify({ checkpoint: await this.note(old) }),
      JSON.stringify({ consistency: (await this.growth(old)).map(toBase64) }),
      JSON.stringify({ checkpoint: await this.note() }),
      ...proven,
      `{"end":{"records":${indices.length}}}`,
    ];
  }
}

/** Returns a copy with one bit turned. */
export function flipped(bytes: Uint8Array, at: number, bit: number): Bytes {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ (1 << bit);
  return copy;
}
