// A stream of bytes in lines, and a bundle checked out of one: piece by piece, with pauses in which the page lives on.
import { BundleVerifier, LINE_MAX, type Report } from "./bundle";
import { join } from "./bytes";
import { Fault } from "./fault";
import type { VerifierKey } from "./note";
import type { Head } from "./tree";

const LINE_FEED = 10;
/** Work between two pauses, in milliseconds: half of a frame. */
const SLICE = 8;

/** Reads lines without their line feeds. What follows the last line feed is a line too, if it is not empty; `isWhole`
 *  says whether the file ended with one. */
export async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<{ line: Uint8Array; read: number; isWhole: boolean }> {
  const reader = stream.getReader();
  let rest: Uint8Array = new Uint8Array();
  let read = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const piece = rest.length === 0 ? part.value : join(rest, part.value);
      let start = 0;
      for (let end = piece.indexOf(LINE_FEED); end >= 0; end = piece.indexOf(LINE_FEED, start)) {
        read += end + 1 - start;
        yield { line: piece.subarray(start, end), read, isWhole: true };
        start = end + 1;
      }
      rest = piece.subarray(start);
      if (rest.length > LINE_MAX) throw new Fault("too-long");
    }
    if (rest.length > 0) yield { line: rest, read: read + rest.length, isWhole: false };
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** How far a check is. */
export interface Progress {
  readonly bytes: number;
  readonly records: number;
}

interface Watched {
  onProgress?: (progress: Progress) => void;
  signal?: AbortSignal;
}

const pause = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve, 0); });

/** Checks a bundle. Throws a Fault, or the reason of whoever aborts it. */
export async function checkBundle(stream: ReadableStream<Uint8Array>, key: VerifierKey, held: Head | null, { onProgress, signal }: Watched = {}): Promise<Report> {
  const verifier = new BundleVerifier(key, held);
  let since = performance.now();
  let lines = 0;
  for await (const { line, read, isWhole } of linesOf(stream)) {
    signal?.throwIfAborted();
    lines += 1;
    if (!isWhole) throw new Fault("cut", { line: lines });
    await verifier.line(line);
    if (performance.now() - since < SLICE) continue;
    onProgress?.({ bytes: read, records: verifier.records });
    await pause();
    since = performance.now();
  }
  return verifier.finish();
}
