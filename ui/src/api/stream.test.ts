// Streams: shared by who follows, opened again where they broke, given up where they are refused.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { follow, type StreamState } from "./stream";

const server = vi.fn<(address: string, init: RequestInit) => Promise<Response>>();
const ends = (text: string): Response => new Response(text, { status: 200 });
const stays = (text: string): Response => new Response(new ReadableStream({ start: (held) => { held.enqueue(new TextEncoder().encode(text)); } }), { status: 200 });
const header = (call: number): unknown => (server.mock.calls[call]?.[1].headers as Record<string, string>)["last-event-id"];

beforeEach(() => {
  vi.useFakeTimers();
  server.mockReset();
  vi.stubGlobal("fetch", server);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("is one for all who follow it, and goes on after what was seen last", async () => {
  server.mockResolvedValueOnce(ends("id: 41\ndata: a\n\n")).mockResolvedValueOnce(stays("id: 42\ndata: b\n\n"));
  const seen: string[] = [];
  const one = follow("/one", { onEvent: (event) => seen.push(`1${event.data}`), onState: () => undefined });
  const two = follow("/one", { onEvent: (event) => seen.push(`2${event.data}`), onState: () => undefined });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(seen).toEqual(["1a", "2a", "1b", "2b"]);
  expect(server).toHaveBeenCalledTimes(2);
  expect(header(1)).toBe("41");
  one();
  two();
  expect(server.mock.calls[1]?.[1].signal?.aborted).toBe(true);
});

it("is off after three failures, and live again when the server is back", async () => {
  const states: StreamState[] = [];
  server.mockRejectedValueOnce(new TypeError()).mockRejectedValueOnce(new TypeError()).mockRejectedValueOnce(new TypeError()).mockResolvedValueOnce(stays(""));
  const stop = follow("/two", { onEvent: () => undefined, onState: (state) => states.push(state) });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(states.filter((state, place) => state !== states[place - 1])).toEqual(["connecting", "off", "live"]);
  stop();
});

it("is not asked for again where it is refused", async () => {
  server.mockImplementation(() => Promise.resolve(new Response('{"code":"forbidden","detail":""}', { status: 403 })));
  const told = vi.fn();
  const stop = follow("/three", { onEvent: () => undefined, onState: told });
  await vi.advanceTimersByTimeAsync(120_000);
  expect(server).toHaveBeenCalledTimes(1);
  expect(told).toHaveBeenLastCalledWith("off", expect.objectContaining({ status: 403 }));
  stop();
});
