// The live tail: shown at once, kept back while paused, never twice.
import { expect, it } from "vitest";
import { EMPTY_TAIL, next, readEvent, type Tail } from "./tail";

const record = (index: number) => ({ type: "record", entry: { index, record: {} } }) as const;
const indices = (tail: Tail): number[] => tail.shown.map((entry) => entry.index);

it("shows the latest first, and none twice", () => {
  const tail = [1, 2, 2, 1, 5].map(record).reduce<Tail>(next, EMPTY_TAIL);
  expect(indices(tail)).toEqual([5, 2, 1]);
});

it("keeps records back while paused, counts them, and lets them go together", () => {
  let tail = [record(1), { type: "pause", isPaused: true } as const, record(2), record(3), record(3)].reduce<Tail>(next, EMPTY_TAIL);
  expect([indices(tail), tail.count]).toEqual([[1], 2]);
  tail = next(tail, { type: "pause", isPaused: false });
  expect([indices(tail), tail.count]).toEqual([[3, 2, 1], 0]);
});

it("holds no more than it can show", () => {
  let tail = Array.from({ length: 300 }, (_, index) => record(index)).reduce<Tail>(next, EMPTY_TAIL);
  expect([tail.shown.length, tail.shown[0]?.index]).toEqual([200, 299]);
  tail = next(tail, { type: "pause", isPaused: true });
  tail = Array.from({ length: 1_500 }, (_, index) => record(300 + index)).reduce<Tail>(next, tail);
  expect([tail.waiting.length, tail.count]).toEqual([1_000, 1_500]);
  tail = next(tail, { type: "pause", isPaused: false });
  expect([tail.shown.length, tail.shown[0]?.index]).toEqual([200, 1_799]);
});

it("passes over what is no record", () => {
  expect(readEvent('{"index":1,"record":{"a":1}}')).toEqual({ index: 1, record: { a: 1 } });
  for (const bad of ["", "null", "1", "{}", '{"index":"1","record":{}}', '{"index":1}']) expect(readEvent(bad)).toBeNull();
});
