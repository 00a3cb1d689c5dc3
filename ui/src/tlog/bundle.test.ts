// Bundles: what was written verifies, and nothing else does.
import { beforeAll, describe, expect, it, vi } from "vitest";
import { BundleVerifier, type Report } from "./bundle";
import { encodeText } from "./bytes";
import { Fault } from "./fault";
import { flipped, Log, makeSigner, type Signer } from "./fixtures";
import { checkBundle, linesOf } from "./read_lines";
import type { Head } from "./tree";

let signer: Signer;
let log: Log;
beforeAll(async () => {
  signer = await makeSigner();
  log = await Log.of(12, signer);
});

const streamOf = (bytes: Uint8Array, piece = bytes.length || 1): ReadableStream<Uint8Array> => new ReadableStream({
  start(to) {
    for (let at = 0; at < bytes.length; at += piece) to.enqueue(bytes.slice(at, at + piece));
    to.close();
  },
});
const verifyBytes = async (bytes: Uint8Array, held: Head | null = null): Promise<Report> => await checkBundle(streamOf(bytes), signer.key, held);
const verify = async (lines: readonly string[], held: Head | null = null): Promise<Report> => await verifyBytes(encodeText(`${lines.join("\n")}\n`), held);
const fault = async (lines: readonly string[], held: Head | null = null): Promise<Fault> =>
  await verify(lines, held).then(() => { throw new Error("it was accepted"); }, (thrown: unknown) => { if (thrown instanceof Fault) return thrown; throw thrown; });

describe("what was written verifies", () => {
  it("whole, from any beginning", async () => {
    for (const from of [0, 1, 4, 7, 11, 12]) {
      expect(await verify(await log.full([12], from))).toMatchObject({ kind: "full", records: 12 - from, range: from < 12 ? [from, 11] : null, head: { size: 12 } });
    }
    expect((await verify(await log.full([0, 3, 3, 8, 12]))).heads).toBe(5);
  });
  it("chosen records", async () => {
    expect(await verify(await log.partial(5, [0, 7, 11]))).toMatchObject({ kind: "partial", records: 3, range: [0, 11], heads: 2 });
    expect((await verify(await log.partial(12, []))).records).toBe(0);
  });
  it("in pieces of any size", async () => {
    const bytes = encodeText(`${(await log.full([6, 12])).join("\n")}\n`);
    for (const piece of [1, 2, 7, 64, 1000]) expect((await checkBundle(streamOf(bytes, piece), signer.key, null)).records).toBe(12);
  });
});

describe("every turned bit and every cut is noticed", () => {
  it.each([
    ["whole", async () => await (await Log.of(4, signer)).full([2, 4])],
    ["from the middle", async () => await (await Log.of(4, signer)).full([4], 3)],
    ["chosen", async () => await (await Log.of(4, signer)).partial(2, [1, 3])],
  ])("%s", async (_, make) => {
    const bytes = encodeText(`${(await make()).join("\n")}\n`);
    await verifyBytes(bytes);
    for (let at = 0; at < bytes.length; at += 1) {
      for (const bit of [0, 5, 7]) await expect(verifyBytes(flipped(bytes, at, bit)), `byte ${at}, bit ${bit}`).rejects.toBeInstanceOf(Fault);
      await expect(verifyBytes(bytes.slice(0, at)), `cut at ${at}`).rejects.toBeInstanceOf(Fault);
    }
  }, 120_000);
});

describe("forgeries, and where they are", () => {
  it("a changed record: told among which it is", async () => {
    const lines = (await log.full([4, 9, 12])).map((line) => line.replace('"id":"r6"', '"id":"rX"'));
    const { code, place } = await fault(lines);
    expect(code).toBe("other-records");
    expect(place).toMatchObject({ line: 12, between: [4, 8] });
  });
  it("a changed record that is proven by itself: which one", async () => {
    const lines = (await log.partial(5, [2, 7])).map((line) => line.replace('"id":"r7"', '"id":"rX"'));
    expect(await fault(lines)).toMatchObject({ code: "not-included", place: { line: 6, index: 7 } });
  });
  it("removed, repeated, slipped in, reordered", async () => {
    const lines = await log.full([12]);
    const [a, b] = [lines[4] ?? "", lines[5] ?? ""];
    expect(await fault(lines.toSpliced(4, 1))).toMatchObject({ code: "order", place: { line: 5, index: 4 } });
    expect((await fault(lines.toSpliced(4, 0, a))).code).toBe("order");
    expect((await fault(lines.toSpliced(4, 2, b, a))).code).toBe("order");
    expect((await fault(lines.toSpliced(4, 2, b.replace('"index":4', '"index":3'), a.replace('"index":3', '"index":4')))).code).toBe("other-records");
    const chosen = await log.partial(5, [2, 7]);
    expect((await fault(chosen.toSpliced(4, 2, chosen[5] ?? "", chosen[4] ?? ""))).code).toBe("order");
    expect((await fault(chosen.toSpliced(5, 1))).code).toBe("miscounted");
    expect((await fault([...chosen.slice(0, 1), chosen[4] ?? "", ...chosen.slice(1)])).code).toBe("misplaced");
  });
  it("cut, or longer than its end", async () => {
    const lines = await log.full([4, 12]);
    expect((await fault(lines.slice(0, -1))).code).toBe("cut");
    expect((await fault(lines.toSpliced(-2, 1))).code).toBe("unvouched");
    expect((await fault([...lines, lines[1] ?? ""])).code).toBe("misplaced");
    expect((await fault([])).code).toBe("not-canonical");
    expect((await fault([lines[0] ?? "", lines[0] ?? ""])).code).toBe("misplaced");
    expect((await fault(lines.slice(0, 1))).code).toBe("cut");
    expect((await fault([lines[0] ?? "", "x".repeat(600_000)])).code).toBe("too-long");
  });
  it("heads of another key, another log, or that do not continue each other", async () => {
    const other = await Log.of(12, await makeSigner());
    expect((await fault(await other.full([12]))).code).toBe("unsigned");
    const fork = await Log.of(12, signer, "fork");
    const lines = await log.partial(5, [7]);
    expect((await fault(lines.toSpliced(3, 1, (await fork.partial(5, [7]))[3] ?? ""))).code).toBe("not-grown");
    expect((await fault(lines.toSpliced(2, 1))).code).toBe("proof-length");
    expect((await fault([...lines.slice(0, 1), lines[3] ?? "", lines[2] ?? "", lines[1] ?? "", ...lines.slice(4)])).code).toBe("not-grown");
    expect((await fault(lines.map((line) => line.replace('"origin":"log.test', '"origin":"lug.test')))).code).toBe("other-log");
  });
  it("written otherwise, even if it means the same", async () => {
    const lines = await log.full([12]);
    expect((await fault(lines.map((line) => line.replace('"end":{', '"end": {')))).code).toBe("not-canonical");
    expect((await fault(lines.map((line) => line.replace('{"action"', '{ "action"')))).code).toBe("not-canonical");
    expect((await fault(lines.map((line) => `${line}\r`))).code).toBe("not-canonical");
    expect((await fault([`\ufeff${lines[0] ?? ""}`, ...lines.slice(1)])).code).toBe("not-canonical");
  });
});

describe("a head that was kept", () => {
  it("is met wherever it lies", async () => {
    for (let size = 0; size <= 12; size += 1) await verify(await log.full([4, 12]), await log.head(size));
    await verify(await log.full([12], 5), await log.head(5));
    for (const size of [5, 12]) await verify(await log.partial(5, [7]), await log.head(size));
  });
  it("of another log, beyond the end, or before the beginning", async () => {
    const fork = await Log.of(14, signer, "fork");
    expect(await fault(await log.full([12]), await fork.head(7))).toMatchObject({ code: "held-other", place: { line: 8 } });
    expect((await fault(await log.partial(5, []), await fork.head(5))).code).toBe("held-other");
    expect((await fault(await log.full([12]), await fork.head(14))).code).toBe("held-shorter");
    expect((await fault(await log.full([12], 5), await log.head(4))).code).toBe("held-not-met");
    expect((await fault(await log.partial(5, []), await log.head(6))).code).toBe("held-not-met");
  });
});

it("pauses, tells how far it is, and can be stopped", async () => {
  // Each look at the clock is a millisecond later, however fast the machine is.
  let now = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => { now += 1; return now; });
  const large = await Log.of(400, signer);
  const bytes = encodeText(`${(await large.full([400])).join("\n")}\n`);
  const seen: number[] = [];
  const report = await checkBundle(streamOf(bytes, 5_000), signer.key, null, { onProgress: ({ bytes: read }) => { seen.push(read); } });
  expect(report.records).toBe(400);
  expect(seen.length).toBeGreaterThan(0);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  const stop = new AbortController();
  await expect(checkBundle(streamOf(bytes, 5_000), signer.key, null, { onProgress: () => { stop.abort(new Error("stopped")); }, signal: stop.signal })).rejects.toThrow("stopped");
  clock.mockRestore();
});

it("lines are found in whatever pieces they come", async () => {
  for (const piece of [1, 2, 3, 100]) {
    const found: string[] = [];
    for await (const { line } of linesOf(streamOf(encodeText("a\n\nbc\nd"), piece))) found.push(new TextDecoder().decode(line));
    expect(found).toEqual(["a", "", "bc", "d"]);
  }
});

it("asks for the end before it came", () => {
  expect(() => new BundleVerifier(signer.key).finish()).toThrow("cut");
});
