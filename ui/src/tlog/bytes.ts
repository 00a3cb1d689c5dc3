// Bytes as texts and back. Strict: what has two spellings is read in one only, so that no byte of a proof is free.
import { Fault } from "./fault";

/** Bytes that own their memory, as WebCrypto wants them. */
export type Bytes = Uint8Array<ArrayBuffer>;

const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const ENCODER = new TextEncoder();

/** Returns the UTF-8 of a text. */
export function encodeText(text: string): Bytes {
  return ENCODER.encode(text);
}

/** Reads UTF-8. Throws a Fault for what is none. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return DECODER.decode(bytes);
  } catch {
    throw new Fault("not-utf8");
  }
}

/** Writes base64 (RFC 4648, section 4). */
export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** Reads base64, with its padding and nothing else. Throws a Fault. */
export function fromBase64(text: string): Bytes {
  let bytes: Bytes | null = null;
  try {
    bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    // Not base64 at all.
  }
  if (bytes === null || toBase64(bytes) !== text) throw new Fault("not-base64");
  return bytes;
}

/** Writes hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Says whether both hold the same. */
export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** Joins bytes. */
export function join(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Reads a whole number in decimal without leading zeros, below 2^53. Returns null for anything else. */
export function decimal(text: string): number | null {
  const number = /^(0|[1-9]\d{0,15})$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? number : null;
}
