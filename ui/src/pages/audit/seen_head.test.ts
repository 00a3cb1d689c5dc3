// The head that this browser keeps: growth is taken, going back and forks raise the alarm, which stays.
import { beforeAll, beforeEach, expect, it, vi } from "vitest";
import { type Head, toBase64 } from "#/tlog";
import { Log, makeSigner } from "#/tlog/fixtures";
import type * as seenHead from "./seen_head";

let here: typeof seenHead;

let log: Log;
let fork: Log;
beforeAll(async () => {
  const signer = await makeSigner();
  log = await Log.of(9, signer);
  fork = await Log.of(9, signer, "fork");
});
/** As a browser that opens the page. */
const open = async (): Promise<void> => {
  vi.resetModules();
  here = await import("./seen_head");
};
beforeEach(open);

const see = async (of: Log, size: number): Promise<string> => {
  const kept = here.keptHead();
  const now: Head = await of.head(size);
  const verdict = await here.judge(kept, now, async (from, to) => (await of.growth(from, to)).map(toBase64));
  here.take(kept, now, verdict);
  return verdict;
};

it("a log that grows", async () => {
  for (const [size, verdict] of [[0, "first"], [3, "grown"], [3, "same"], [9, "grown"]] as const) expect(await see(log, size)).toBe(verdict);
  expect(here.keptHead()).toEqual({ size: 9, root: toBase64((await log.head()).root) });
  expect(Array.from({ length: localStorage.length }, (_, at) => localStorage.getItem(localStorage.key(at) ?? ""))).toEqual([JSON.stringify(here.keptHead())]);
  expect(here.alarm.get()).toBeNull();
});

it("going back raises the alarm, which outlasts a log that is right again", async () => {
  await see(log, 7);
  expect(await see(log, 5)).toBe("rolled-back");
  expect(here.alarm.get()).toMatchObject({ kind: "rolled-back", kept: { size: 7 }, now: { size: 5 } });
  expect(await see(log, 9)).toBe("grown");
  await open();
  expect(here.alarm.get()).not.toBeNull();
  expect(here.keptHead()?.size).toBe(7);
  here.acknowledge();
  expect(here.alarm.get()).toBeNull();
  expect(here.keptHead()?.size).toBe(5);
});

it.each([7, 9])("another log of %s records is a fork", async (size) => {
  await see(log, 7);
  expect(await see(fork, size)).toBe("forked");
  expect(here.keptHead()?.root).toBe(toBase64((await log.head(7)).root));
});

it("what is in storage and is no head counts as none", async () => {
  await see(log, 7);
  const key = localStorage.key(0);
  for (const bad of ["", "{", "7", '{"size":"7","root":"x"}', '{"size":7,"root":"AA=="}', '{"size":1e99,"root":""}']) {
    localStorage.setItem(key ?? "", bad);
    await open();
    expect(here.keptHead()).toBeNull();
  }
});
