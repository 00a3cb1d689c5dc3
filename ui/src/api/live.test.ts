// Live queries: asked again when the feed moves, not too often, and not for the first word.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { refresher } from "./live";

const invalidateQueries = vi.fn(() => Promise.resolve());
const event = (data: string) => ({ event: "change", id: data, data });
/** How often live queries were asked for again. */
const asked = (): number => invalidateQueries.mock.calls.length;

beforeEach(() => { vi.useFakeTimers(); invalidateQueries.mockClear(); });
afterEach(() => { vi.useRealTimers(); });

it("asks again when the feed moves, and not for where it stands at first", () => {
  const follower = refresher({ invalidateQueries });
  follower.onEvent(event("1"));
  expect(asked()).toBe(0);
  follower.onEvent(event("2"));
  expect(asked()).toBe(1);
  follower.stop();
});

it("asks at once, then no sooner than after a while, and once more for all that moved meanwhile", () => {
  const follower = refresher({ invalidateQueries });
  for (const position of ["1", "2", "3", "4"]) follower.onEvent(event(position));
  expect(asked()).toBe(1);
  vi.advanceTimersByTime(9_900);
  expect(asked()).toBe(1);
  vi.advanceTimersByTime(200);
  expect(asked()).toBe(2);
  vi.advanceTimersByTime(60_000);
  expect(asked()).toBe(2);
  follower.onEvent(event("5"));
  expect(asked()).toBe(3);
  follower.stop();
});

it("asks again after a break only if something moved meanwhile", () => {
  const follower = refresher({ invalidateQueries });
  follower.onEvent(event("7"));
  follower.onEvent(event("7"));
  expect(asked()).toBe(0);
  follower.onEvent(event("8"));
  expect(asked()).toBe(1);
  follower.stop();
});
