// Server-sent events, in whatever pieces they come.
import { expect, it } from "vitest";
import { sseReader, type StreamEvent } from "./sse";

const TEXT = ": hello\nretry: 500\n\nevent: record\nid: 7\ndata: {\"a\":\ndata: 1}\n\nid: 8\r\ndata:x\r\n\r\ndata\n\n";

it("reads the same events however the text is cut", () => {
  for (let size = 1; size <= TEXT.length; size += 1) {
    const events: StreamEvent[] = [];
    const retries: number[] = [];
    const read = sseReader((event) => events.push(event), (milliseconds) => retries.push(milliseconds));
    for (let at = 0; at < TEXT.length; at += size) read(TEXT.slice(at, at + size));
    expect(events).toEqual([
      { event: "record", data: '{"a":\n1}', id: "7" },
      { event: "message", data: "x", id: "8" },
      { event: "message", data: "", id: "8" },
    ]);
    expect(retries).toEqual([500]);
  }
});
