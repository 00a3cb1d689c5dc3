// The tree: every proof of every small tree holds, and no other does.
import { beforeAll, describe, expect, it } from "vitest";
import { flipped, Log, makeSigner } from "./fixtures";
import { isSame, toHex } from "./bytes";
import { checkGrowth, emptyRoot, Frontier, leafHash, rootOfInclusion } from "./tree";

const SIZES = 20;
let log: Log;
beforeAll(async () => { log = await Log.of(SIZES, await makeSigner()); });

it("hashes as RFC 6962 says", async () => {
  expect(toHex(await emptyRoot())).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  // Of the test vectors of certificate-transparency implementations: the leaf without bytes.
  expect(toHex(await leafHash(new Uint8Array()))).toBe("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
});

it("the right edge gives the root at every size, from any beginning", async () => {
  for (let from = 0; from <= SIZES; from += 1) {
    const bundle = JSON.parse((await log.full([SIZES], from))[0] ?? "") as { bundle: { frontier: string[] } };
    const tree = new Frontier(from, bundle.bundle.frontier.map((hash) => Uint8Array.from(atob(hash), (letter) => letter.charCodeAt(0))));
    for (let size = from; size < SIZES; size += 1) {
      expect(isSame(await tree.root(), (await log.head(size)).root)).toBe(true);
      await tree.push(log.leaves[size] ?? new Uint8Array());
    }
    expect(isSame(await tree.root(), (await log.head()).root)).toBe(true);
  }
  expect(() => new Frontier(5, [])).toThrow("proof-length");
});

describe("inclusion", () => {
  it("every entry of every tree, and at no other place", async () => {
    for (let size = 1; size <= SIZES; size += 1) {
      const { root } = await log.head(size);
      for (let index = 0; index < size; index += 1) {
        const path = await log.path(index, size);
        const leaf = log.leaves[index] ?? new Uint8Array();
        for (let claimed = 0; claimed < size; claimed += 1) {
          const found = await rootOfInclusion(leaf, claimed, size, path).catch(() => new Uint8Array());
          expect(isSame(found, root)).toBe(claimed === index);
        }
      }
    }
  });

  it("a path that is longer, shorter, or for no entry", async () => {
    const path = await log.path(3, 7);
    const leaf = log.leaves[3] ?? new Uint8Array();
    await expect(rootOfInclusion(leaf, 3, 7, path.slice(1))).rejects.toThrow("proof-length");
    await expect(rootOfInclusion(leaf, 3, 7, [...path, leaf])).rejects.toThrow("proof-length");
    await expect(rootOfInclusion(leaf, 7, 7, path)).rejects.toThrow("outside");
    await expect(rootOfInclusion(leaf, 0, 0, [])).rejects.toThrow("outside");
  });
});

describe("growth", () => {
  it("every tree continues every smaller one, as the proof says and only so", async () => {
    for (let to = 0; to <= SIZES; to += 1) {
      const now = await log.head(to);
      for (let from = 0; from <= to; from += 1) {
        const old = await log.head(from);
        const proof = await log.growth(from, to);
        await checkGrowth(old, now, proof);
        const other = { size: from, root: flipped(old.root, 5, 3) };
        await expect(checkGrowth(other, now, proof)).rejects.toThrow("not-grown");
        if (from > 0) await expect(checkGrowth(old, { size: to, root: flipped(now.root, 0, 0) }, proof)).rejects.toThrow("not-grown");
        await expect(checkGrowth(old, now, [...proof, old.root])).rejects.toThrow();
        for (let place = 0; place < proof.length; place += 1) {
          const forged = proof.map((hash, at) => (at === place ? flipped(hash, 31, 7) : hash));
          await expect(checkGrowth(old, now, forged)).rejects.toThrow("not-grown");
          await expect(checkGrowth(old, now, proof.toSpliced(place, 1))).rejects.toThrow();
        }
      }
    }
  });

  it("a log that went back, or that is another of the same size", async () => {
    const other = await Log.of(SIZES, await makeSigner(), "other");
    await expect(checkGrowth(await log.head(9), await log.head(8), [])).rejects.toThrow("not-grown");
    await expect(checkGrowth(await log.head(9), await other.head(9), [])).rejects.toThrow("not-grown");
    await expect(checkGrowth(await log.head(9), await other.head(), await other.growth(9))).rejects.toThrow("not-grown");
  });
});
