// A check of what was dropped, from its beginning to its verdict.
import { useEffect, useRef, useState } from "react";
import { asFault, type Checked, checkBundle, checkReceipt, decodeText, Fault, type Head, isSame, openCheckpoint, type Progress, readKey, type Report } from "#/tlog";
import type { Dropped } from "./dropped";

/** Room for any receipt or record. */
const SINGLE_MAX = 512 * 1024;

/** How a check is. */
export type Verifying =
  | { state: "idle" }
  | { state: "running"; progress: Progress; size: number }
  | { state: "receipt"; checked: Checked }
  | { state: "bundle"; report: Report; held: Head | null; milliseconds: number }
  /** `of`: whether the fault is in the key, the kept head, or what is checked. */
  | { state: "fault"; fault: Fault; of: "key" | "head" | "file" }
  | { state: "stopped" }
  | { state: "unreadable" };

async function bytesOf(dropped: Dropped | undefined): Promise<Uint8Array> {
  if (dropped === undefined || dropped.file.size > SINGLE_MAX) throw new Fault("too-long");
  return new Uint8Array(await dropped.file.arrayBuffer());
}

async function check(dropped: readonly Dropped[], keyText: string, signal: AbortSignal, told: (state: Verifying) => void): Promise<Verifying> {
  const find = (kind: Dropped["kind"]): Dropped | undefined => dropped.find((one) => one.kind === kind);
  let of: "key" | "head" | "file" = "key";
  try {
    const key = await readKey(keyText);
    of = "head";
    const kept = find("head");
    const held = kept === undefined ? null : await openCheckpoint(decodeText(await bytesOf(kept)), key);
    of = "file";
    const bundle = find("bundle");
    if (bundle === undefined) {
      const receipt = decodeText(await bytesOf(find("receipt")));
      const checked = await checkReceipt(receipt, await bytesOf(find("entry")), key);
      if (held !== null && checked.head?.size === held.size && !isSame(checked.head.root, held.root)) throw new Fault("held-other", { wanted: String(held.size) });
      return { state: "receipt", checked };
    }
    const { size } = bundle.file;
    const since = performance.now();
    told({ state: "running", progress: { bytes: 0, records: 0 }, size });
    const report = await checkBundle(bundle.file.stream(), key, held, { signal, onProgress: (progress) => { told({ state: "running", progress, size }); } });
    return { state: "bundle", report, held, milliseconds: performance.now() - since };
  } catch (thrown) {
    if (signal.aborted) return { state: "stopped" };
    if (thrown instanceof DOMException) return { state: "unreadable" };
    return { state: "fault", fault: asFault(thrown), of };
  }
}

/** Returns the state of a check, how to begin one, and how to stop it. */
export function useVerifying(): { verifying: Verifying; begin: (dropped: readonly Dropped[], key: string) => void; stop: () => void; reset: () => void } {
  const [verifying, setVerifying] = useState<Verifying>({ state: "idle" });
  const run = useRef<AbortController | null>(null);
  useEffect(() => () => { run.current?.abort(); }, []);
  const begin = (dropped: readonly Dropped[], key: string): void => {
    run.current?.abort();
    const mine = new AbortController();
    run.current = mine;
    const tell = (state: Verifying): void => { if (run.current === mine) setVerifying(state); };
    void check(dropped, key, mine.signal, tell).then(tell);
  };
  const stop = (): void => { run.current?.abort(); };
  const reset = (): void => { run.current?.abort(); run.current = null; setVerifying({ state: "idle" }); };
  return { verifying, begin, stop, reset };
}
