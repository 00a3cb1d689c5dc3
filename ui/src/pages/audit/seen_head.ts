// The last signed head that this browser saw: its size and root, kept in localStorage, and what comes of comparing a new
// one with it. A log that went back or became another raises an alarm that stays until somebody has acknowledged it.
import { basePath } from "#/base/base_path";
import { store } from "#/base/store";
import { asFault, checkGrowth, fromBase64, type Head, isSame, readHash, toBase64 } from "#/tlog";

/** A head as it is kept. */
export interface Kept {
  readonly size: number;
  readonly root: string;
}

/** Why there is an alarm: the log is shorter than it was, or it is another. */
export interface Alarm {
  readonly kind: "rolled-back" | "forked";
  readonly kept: Kept;
  readonly now: Kept;
}

/** What a new head is to the kept one. */
export type Verdict = "first" | "same" | "grown" | Alarm["kind"];

const name = (what: string): string => `lethe.${basePath()}.audit.${what}`;

function load(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") as unknown;
  } catch {
    return null;
  }
}

function save(key: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Storage is full or forbidden: it holds until the page is left.
  }
}

function isKept(value: unknown): value is Kept {
  if (typeof value !== "object" || value === null || !("size" in value) || !("root" in value)) return false;
  if (!Number.isSafeInteger(value.size) || typeof value.root !== "string") return false;
  try {
    return fromBase64(value.root).length === 32;
  } catch {
    return false;
  }
}

function isAlarm(value: unknown): value is Alarm {
  return typeof value === "object" && value !== null && "kind" in value && (value.kind === "rolled-back" || value.kind === "forked")
    && "kept" in value && isKept(value.kept) && "now" in value && isKept(value.now);
}

const loadedAlarm = load(name("alarm"));
/** The alarm, if there is one. */
export const alarm = store<Alarm | null>(isAlarm(loadedAlarm) ? loadedAlarm : null);
let inMemory: Kept | null = null;

/** Returns the head that was seen last, if any. */
export function keptHead(): Kept | null {
  const kept = load(name("head"));
  return isKept(kept) ? kept : inMemory;
}

function keep(kept: Kept): void {
  inMemory = kept;
  save(name("head"), kept);
}

/** Writes a head as it is kept. */
export const asKept = ({ size, root }: Head): Kept => ({ size, root: toBase64(root) });

/** Says what a new head is to a kept one. Asks for the proof of growth where one is needed. */
export async function judge(kept: Kept | null, now: Head, proofOf: (from: number, to: number) => Promise<readonly string[]>): Promise<Verdict> {
  if (kept === null) return "first";
  if (now.size < kept.size) return "rolled-back";
  const old = { size: kept.size, root: fromBase64(kept.root) };
  if (now.size === kept.size) return isSame(old.root, now.root) ? "same" : "forked";
  const proof = kept.size === 0 ? [] : await proofOf(kept.size, now.size);
  try {
    await checkGrowth(old, now, proof.map(readHash));
    return "grown";
  } catch (thrown) {
    asFault(thrown);
    return "forked";
  }
}

/** Takes note of a verdict: keeps the new head, or raises the alarm. While there is one, nothing is kept. */
export function take(kept: Kept | null, now: Head, verdict: Verdict): void {
  if (verdict === "rolled-back" || verdict === "forked") {
    if (kept === null || alarm.get() !== null) return;
    const raised = { kind: verdict, kept, now: asKept(now) };
    save(name("alarm"), raised);
    alarm.set(raised);
  } else if (alarm.get() === null && (keptHead()?.size ?? 0) <= now.size) {
    keep(asKept(now));
  }
}

/** Somebody has seen the alarm and goes on from the new head. */
export function acknowledge(): void {
  const raised = alarm.get();
  if (raised !== null) keep(raised.now);
  save(name("alarm"), null);
  alarm.set(null);
}
