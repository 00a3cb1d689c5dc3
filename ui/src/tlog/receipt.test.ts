// Notes and receipts: what was signed holds; every turned bit and every other forgery does not.
import { beforeAll, describe, expect, it } from "vitest";
import { decodeText, encodeText } from "./bytes";
import { Fault } from "./fault";
import { flipped, Log, makeSigner, ORIGIN, type Signer } from "./fixtures";
import { openCheckpoint, openNote, readKey } from "./note";
import { checkReceipt } from "./receipt";

/** The key of Go's checksum database: made by another implementation. */
const GO = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";

let signer: Signer;
let log: Log;
beforeAll(async () => {
  signer = await makeSigner();
  log = await Log.of(5, signer);
});

const verify = async (receipt: string, entry = log.entry(2)): ReturnType<typeof checkReceipt> => await checkReceipt(receipt, encodeText(entry), signer.key);
const failed = async (receipt: string, entry?: string): Promise<string[]> =>
  (await verify(receipt, entry)).steps.filter((step) => step.state === "failed").map((step) => `${step.id} ${step.fault?.code ?? ""}`);

describe("keys", () => {
  it("one of Go's is read", async () => {
    expect(await readKey(`${GO}\n`)).toMatchObject({ name: "sum.golang.org", id: "033de0ae", text: GO });
  });
  it.each(["", "a+b", "a+00000000+AAAA", GO.replace("033d", "033e"), GO.replace("Ac4z", "Ac4y"), GO.replace("sum.", "sun."), `${GO}=`, GO.replace("+Ac", "+Ad")])("%s is none", async (text) => {
    await expect(readKey(text)).rejects.toBeInstanceOf(Fault);
  });
});

describe("signed heads", () => {
  it("every turned bit is noticed", async () => {
    const note = encodeText(await log.note());
    expect((await openCheckpoint(decodeText(note), signer.key)).size).toBe(5);
    for (let at = 0; at < note.length * 8; at += 1) {
      await expect((async () => await openCheckpoint(decodeText(flipped(note, at >> 3, at & 7)), signer.key))(), `bit ${at}`).rejects.toBeInstanceOf(Fault);
    }
  });
  it("signatures of others are passed over, but one must be known", async () => {
    const note = await log.note();
    const other = await makeSigner("witness.test");
    const line = (await other.sign(`${note.split("\n\n")[0] ?? ""}\n`)).split("\n\n")[1] ?? "";
    expect(await openNote(note + line, signer.key)).toBe(await openNote(note, signer.key));
    await expect(openNote(note, other.key)).rejects.toThrow("unsigned");
    await expect(openNote(note, (await makeSigner()).key)).rejects.toThrow("unsigned");
  });
  it("another log's head, and what is no head", async () => {
    await expect(openCheckpoint(await log.note(5, "other.test"), signer.key)).rejects.toThrow("other-log");
    for (const text of [`${ORIGIN}\n5\n`, `${ORIGIN}\n05\nAA==\n`, `${ORIGIN}\n5\nAA==\n`, `${ORIGIN}\n99999999999999999\n${"A".repeat(43)}=\n`, `\n5\n${"A".repeat(43)}=\n`]) {
      await expect(openCheckpoint(await signer.sign(text), signer.key)).rejects.toBeInstanceOf(Fault);
    }
  });
});

describe("receipts", () => {
  it("holds, in all its steps", async () => {
    for (let index = 0; index < 5; index += 1) {
      expect(await verify(await log.receipt(index), log.entry(index))).toMatchObject({ isVerified: true, index, head: { size: 5 } });
    }
    const extra = (await log.receipt(2)).replace("index 2", "extra YWJj\nindex 2");
    expect((await verify(extra)).isVerified).toBe(true);
  });
  it("every turned bit of the receipt is noticed", async () => {
    const bytes = encodeText(await log.receipt(2));
    for (let at = 0; at < bytes.length * 8; at += 1) {
      const forged = new TextDecoder("utf-8", { ignoreBOM: true }).decode(flipped(bytes, at >> 3, at & 7));
      expect((await verify(forged)).isVerified, `bit ${at}`).toBe(false);
    }
  });
  it("every turned bit of the record is noticed", async () => {
    const receipt = await log.receipt(2);
    const bytes = encodeText(log.entry(2));
    for (let at = 0; at < bytes.length * 8; at += 1) {
      const { steps } = await checkReceipt(receipt, flipped(bytes, at >> 3, at & 7), signer.key);
      expect(steps.at(-1)?.state, `bit ${at}`).toBe("failed");
    }
  });
  it("every cut is noticed", async () => {
    const receipt = await log.receipt(2);
    for (let length = 0; length < receipt.length; length += 1) expect((await verify(receipt.slice(0, length))).isVerified, `${length}`).toBe(false);
  });
  it("tells which step fails, and goes on with what does not need it", async () => {
    const receipt = await log.receipt(2);
    expect(await failed(receipt, log.entry(1))).toEqual(["inclusion not-included"]);
    expect(await failed(receipt, `${log.entry(2)}\n`)).toEqual(["record not-canonical", "inclusion not-included"]);
    expect(await failed(receipt, log.entry(2).replace(ORIGIN, "other.test"))).toEqual(["record other-log", "inclusion not-included"]);
    expect(await failed(receipt.replace("index 2", "index 3"))).toEqual(["inclusion not-included"]);
    expect(await failed(receipt.replace("index 2", "index 7"))).toEqual(["inclusion outside"]);
    expect(await failed(receipt.replace("index 2", "index 02"))).toEqual(["receipt not-a-receipt"]);
    expect(await failed(receipt.replace("@v1", "@v2"))).toEqual(["receipt not-a-receipt"]);
    const stranger = await Log.of(5, await makeSigner());
    expect(await failed(await stranger.receipt(2))).toEqual(["signature unsigned"]);
    const forged = receipt.replace(/(\n\n[^\n]*\n)5\n/, "$16\n");
    // The path to entry 2 is the same in a tree of 6 whose right half has that root: only the signature tells.
    expect(await failed(forged)).toEqual(["signature bad-signature"]);
  });
});
