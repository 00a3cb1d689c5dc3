// What is wrong with a proof: a stable word for it, and where. Whoever shows it has the words for people.

/** Every fault that there is. */
export type FaultCode =
  | "not-utf8"
  | "not-base64"
  | "not-a-hash"
  | "not-a-key"
  | "not-a-note"
  | "not-a-checkpoint"
  | "not-a-receipt"
  | "not-a-bundle"
  /** It is not written as its one canonical text. */
  | "not-canonical"
  | "too-long"
  | "bad-signature"
  | "unsigned"
  | "other-log"
  /** The path does not have as many hashes as the tree's shape wants. */
  | "proof-length"
  | "outside"
  /** The path leads to another root. */
  | "not-included"
  /** One log is not the beginning of the other. */
  | "not-grown"
  | "misplaced"
  | "order"
  /** The records are not those that were signed. */
  | "other-records"
  | "cut"
  | "miscounted"
  | "unvouched"
  /** The log is not the one whose head was kept. */
  | "held-other"
  | "held-shorter"
  | "held-not-met"
  | "no-crypto";

/** Where it was found. */
export interface Place {
  /** The line of the file, from 1. */
  line?: number;
  /** The record's index in the log. */
  index?: number;
  /** The first and the last record among which it is. */
  between?: readonly [number, number];
  /** What was found and what had to be, where that helps. */
  found?: string;
  wanted?: string;
}

/** A proof that does not hold. */
export class Fault extends Error {
  override readonly name = "Fault";
  readonly code: FaultCode;
  readonly place: Place;

  constructor(code: FaultCode, place: Place = {}) {
    super(`${code} ${JSON.stringify(place)}`);
    this.code = code;
    this.place = place;
  }

  /** The same fault, with more of where it is; what is known already stays. */
  at(place: Place): Fault {
    return new Fault(this.code, { ...place, ...this.place });
  }
}
