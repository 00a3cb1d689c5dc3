// Signed notes (C2SP signed-note) with Ed25519, and the heads of the log that are written as such
// (C2SP tlog-checkpoint).
import { type Bytes, decimal, encodeText, fromBase64, isSame, join, toHex } from "./bytes";
import { Fault } from "./fault";
import { type Head, readHash, sha256 } from "./tree";

const ED25519 = 1;
const KEY_BYTES = 32;
const ID_BYTES = 4;
/** Room for 16 post-quantum signatures, which others may add. */
const NOTE_MAX = 256 * 1024;

/** A public key with its name, which by custom is the log's origin. */
export interface VerifierKey {
  readonly name: string;
  /** The first four bytes of the hash over name and key, in hexadecimal. */
  readonly id: string;
  /** As it is written: name, id and key. */
  readonly text: string;
  verifies(message: Bytes, signature: Bytes): Promise<boolean>;
}

/** Reads a verifier key: `name+id+base64`. Throws a Fault. */
export async function readKey(written: string): Promise<VerifierKey> {
  const text = written.trim();
  const parts = /^([^+\s\p{Cc}]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(text);
  const [name, id, coded] = [parts?.[1], parts?.[2], parts?.[3]];
  if (name === undefined || id === undefined || coded === undefined) throw new Fault("not-a-key");
  const typed = fromBase64(coded);
  if (typed.length !== 1 + KEY_BYTES || typed[0] !== ED25519) throw new Fault("not-a-key");
  const hash = await sha256(join(encodeText(`${name}\n`), typed));
  if (toHex(hash.subarray(0, ID_BYTES)) !== id) throw new Fault("not-a-key");
  const { subtle } = crypto;
  const key = await subtle.importKey("raw", typed.slice(1), "Ed25519", false, ["verify"]).catch(() => { throw new Fault("no-crypto"); });
  return { name, id, text, verifies: async (message, signature) => await subtle.verify("Ed25519", key, signature, message) };
}

/** Checks a note's signatures and returns its text. Those of others are passed over; the key's own must be there and
 *  right. Throws a Fault. */
export async function openNote(note: string, key: VerifierKey): Promise<string> {
  const end = note.lastIndexOf("\n\n");
  if (note.length > NOTE_MAX || end < 0 || !note.endsWith("\n") || /[\0-\x09\x0b-\x1f]/.test(note)) throw new Fault("not-a-note");
  const text = note.slice(0, end + 1);
  const lines = note.slice(end + 2, -1).split("\n");
  let isSigned = false;
  for (const line of lines) {
    const parts = /^\u2014 ([^ ]+) ([^ ]+)$/.exec(line);
    if (parts === null) throw new Fault("not-a-note");
    const blob = fromBase64(parts[2] ?? "");
    if (blob.length <= ID_BYTES) throw new Fault("not-a-note");
    if (parts[1] !== key.name || toHex(blob.subarray(0, ID_BYTES)) !== key.id) continue;
    if (!(await key.verifies(encodeText(text), blob.slice(ID_BYTES)))) throw new Fault("bad-signature");
    isSigned = true;
  }
  if (!isSigned) throw new Fault("unsigned");
  return text;
}

/** Reads what a head says, signed or not. Throws a Fault. */
export function readCheckpoint(text: string): Head & { origin: string } {
  const [origin, size, root, ...rest] = text.slice(0, -1).split("\n");
  const number = decimal(size ?? "");
  const isWhole = text.endsWith("\n") && rest.every((line) => line !== "");
  if (!origin || number === null || root === undefined || !isWhole) throw new Fault("not-a-checkpoint");
  return { origin, size: number, root: readHash(root) };
}

/** Checks a signed head of the key's log and returns it. Throws a Fault. */
export async function openCheckpoint(note: string, key: VerifierKey): Promise<Head> {
  const { origin, size, root } = readCheckpoint(await openNote(note, key));
  if (origin !== key.name) throw new Fault("other-log", { found: origin, wanted: key.name });
  return { size, root };
}

/** Says whether two heads are the same. */
export function isSameHead(a: Head, b: Head): boolean {
  return a.size === b.size && isSame(a.root, b.root);
}
