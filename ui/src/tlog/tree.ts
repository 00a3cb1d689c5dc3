// The Merkle tree of RFC 6962, section 2.1: hashes of leaves and nodes, proofs that an entry is in it and that it only
// grew. The proofs are followed from the leaf up, as RFC 9162 describes it (2.1.3.2, 2.1.4.2).
import { type Bytes, fromBase64, isSame, join } from "./bytes";
import { Fault } from "./fault";

const HASH_BYTES = 32;
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** Returns SHA-256. Throws a Fault where the browser has no cryptography: pages that came over plain HTTP. */
export async function sha256(bytes: Bytes): Promise<Bytes> {
  const subtle = (globalThis.crypto as Partial<Crypto> | undefined)?.subtle;
  if (subtle === undefined) throw new Fault("no-crypto");
  return new Uint8Array(await subtle.digest("SHA-256", bytes));
}

/** Returns the hash of an entry. */
export async function leafHash(entry: Uint8Array): Promise<Bytes> {
  return await sha256(join(LEAF, entry));
}

/** Returns the hash over two subtrees. */
export async function nodeHash(left: Uint8Array, right: Uint8Array): Promise<Bytes> {
  return await sha256(join(NODE, left, right));
}

/** Returns the root of the tree without leaves. */
export async function emptyRoot(): Promise<Bytes> {
  return await sha256(new Uint8Array());
}

/** Reads hashes in base64. Throws a Fault. */
export function readHash(text: string): Bytes {
  const hash = fromBase64(text);
  if (hash.length !== HASH_BYTES) throw new Fault("not-a-hash");
  return hash;
}

const half = (number: number): number => Math.floor(number / 2);
const isOdd = (number: number): boolean => number % 2 === 1;

/** Returns the root that an inclusion proof leads to. Throws a Fault if the proof cannot belong to such a tree. */
export async function rootOfInclusion(leaf: Bytes, index: number, size: number, path: readonly Bytes[]): Promise<Bytes> {
  if (index >= size) throw new Fault("outside");
  let [at, last] = [index, size - 1];
  let hash = leaf;
  for (const sibling of path) {
    if (last === 0) throw new Fault("proof-length");
    if (isOdd(at) || at === last) {
      hash = await nodeHash(sibling, hash);
      // A node without a sibling on its right rises as it is.
      while (!isOdd(at) && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      hash = await nodeHash(hash, sibling);
    }
    [at, last] = [half(at), half(last)];
  }
  if (last !== 0) throw new Fault("proof-length");
  return hash;
}

/** A tree at one size. */
export interface Head {
  readonly size: number;
  readonly root: Bytes;
}

/** Checks that the tree of one head is the beginning of that of the other. Throws a Fault if that is not shown. */
export async function checkGrowth(old: Head, now: Head, proof: readonly Bytes[]): Promise<void> {
  const place = { found: String(now.size), wanted: String(old.size) };
  if (old.size > now.size) throw new Fault("not-grown", place);
  if (old.size === 0 || old.size === now.size) {
    const root = old.size === 0 ? await emptyRoot() : now.root;
    if (proof.length > 0) throw new Fault("proof-length");
    if (!isSame(old.root, root)) throw new Fault("not-grown", place);
    return;
  }
  const [oldRoot, newRoot] = await rootsOfGrowth(old, now.size, proof);
  if (!isSame(oldRoot, old.root) || !isSame(newRoot, now.root)) throw new Fault("not-grown", place);
}

async function rootsOfGrowth(old: Head, size: number, proof: readonly Bytes[]): Promise<[Bytes, Bytes]> {
  let [at, last] = [old.size - 1, size - 1];
  while (isOdd(at)) [at, last] = [half(at), half(last)];
  // A complete old tree is a node of the new one: its root is not in the proof.
  const [first, ...rest] = at === 0 ? [old.root, ...proof] : proof;
  if (first === undefined) throw new Fault("proof-length");
  let [oldRoot, newRoot] = [first, first];
  for (const sibling of rest) {
    if (last === 0) throw new Fault("proof-length");
    if (isOdd(at) || at === last) {
      oldRoot = await nodeHash(sibling, oldRoot);
      newRoot = await nodeHash(sibling, newRoot);
      while (!isOdd(at) && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      newRoot = await nodeHash(newRoot, sibling);
    }
    [at, last] = [half(at), half(last)];
  }
  if (last !== 0) throw new Fault("proof-length");
  return [oldRoot, newRoot];
}

/** A tree that only grows: of all its leaves it keeps the roots of its complete subtrees, the largest first. */
export class Frontier {
  #size: number;
  readonly #subtrees: Bytes[];

  /** Goes on after `size` leaves. Throws a Fault if so many hashes cannot be their subtrees. */
  constructor(size = 0, subtrees: readonly Bytes[] = []) {
    let ones = 0;
    for (let rest = size; rest > 0; rest = half(rest)) ones += rest % 2;
    if (subtrees.length !== ones) throw new Fault("proof-length");
    this.#size = size;
    this.#subtrees = [...subtrees];
  }

  get size(): number {
    return this.#size;
  }

  /** Adds a leaf. */
  async push(leaf: Bytes): Promise<void> {
    let hash = leaf;
    for (let rest = this.#size; isOdd(rest); rest = half(rest)) {
      const left = this.#subtrees.pop();
      if (left !== undefined) hash = await nodeHash(left, hash);
    }
    this.#subtrees.push(hash);
    this.#size += 1;
  }

  /** Returns the root over all leaves. */
  async root(): Promise<Bytes> {
    let root: Bytes | undefined;
    for (const subtree of this.#subtrees.toReversed()) root = root === undefined ? subtree : await nodeHash(subtree, root);
    return root ?? await emptyRoot();
  }
}
