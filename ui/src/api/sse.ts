// The text of a stream of server-sent events (HTML Living Standard, section 9.2), piece by piece.

/** One event of a stream. */
export interface StreamEvent {
  readonly event: string;
  readonly data: string;
  readonly id: string;
}

/** Makes a reader: give it pieces of text as they come, it calls back for each whole event. */
export function sseReader(onEvent: (event: StreamEvent) => void, onRetry: (milliseconds: number) => void = () => undefined): (piece: string) => void {
  let rest = "";
  let event = "";
  let data: string[] = [];
  let id = "";
  const field = (name: string, value: string): void => {
    if (name === "event") event = value;
    else if (name === "data") data.push(value);
    else if (name === "id" && !value.includes("\0")) id = value;
    else if (name === "retry" && /^\d+$/.test(value)) onRetry(Number(value));
  };
  const line = (text: string): void => {
    if (text === "") {
      if (data.length > 0) onEvent({ event: event === "" ? "message" : event, data: data.join("\n"), id });
      event = "";
      data = [];
      return;
    }
    const colon = text.indexOf(":");
    if (colon === 0) return;
    if (colon < 0) field(text, "");
    else field(text.slice(0, colon), text.slice(colon + 1).replace(/^ /, ""));
  };
  return (piece) => {
    rest += piece;
    for (;;) {
      const end = rest.search(/\r\n|\n|\r/);
      // A lone CR at the end may be the first half of CRLF.
      if (end < 0 || (rest[end] === "\r" && end === rest.length - 1)) return;
      const width = rest.startsWith("\r\n", end) ? 2 : 1;
      const text = rest.slice(0, end);
      rest = rest.slice(end + width);
      line(text);
    }
  };
}
