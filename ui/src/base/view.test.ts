// The view state in URLs: what is dropped, what falls back, what is equal.
import { describe, expect, it } from "vitest";
import { choice, count, flag, list, moment, onBadParam, parseQuery, text, view, writeQuery } from "./view";

const sample = view({
  q: text(),
  sort: choice(["relevance", "name"], "relevance"),
  depth: count(0, 10, 1),
  all: flag(),
  tag: list(),
  at: moment(),
});

const roundTrip = (query: string): string =>
  // As the router does: what was read is laid over what the URL held.
  writeQuery(sample.strip({ search: { ...parseQuery(query), ...sample.of(parseQuery(query)) }, next: (search) => search }));

describe("a page's view state", () => {
  it("survives its URL, whatever is typed", () => {
    for (const q of ["a b", "100%", "ä→ß 漢字 🙂", "&=?#+/\\", '"x" -y:z']) {
      const query = writeQuery({ q, tag: ["pii:user.name", "x,y"], depth: 3, all: true });
      const read = sample.of(parseQuery(query));
      expect(read).toMatchObject({ q, tag: ["pii:user.name", "x,y"], depth: 3, all: true });
      expect(roundTrip(query)).toBe(query);
    }
  });

  it("drops what it does not know, and what is as by default", () => {
    expect(roundTrip("?zebra=1&sort=relevance&depth=1&q=x&all=false")).toBe("?q=x");
  });

  it("has the same URL for the same view", () => {
    expect(roundTrip("?tag=b&tag=a&q=x&tag=b")).toBe(roundTrip("?q=x&tag=a&tag=b"));
  });

  it("falls back where a value is bad, and says so", () => {
    roundTrip("?sort=shape");
    const bad: string[] = [];
    const stop = onBadParam((name) => bad.push(name));
    expect(roundTrip("?sort=colour&depth=11&all=maybe&at=yesterday")).toBe("");
    stop();
    expect(bad).toEqual(["sort", "sort", "depth", "all", "at"]);
  });
});
