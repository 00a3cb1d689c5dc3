// The catalogue: every room's messages in every language, and how values are written.
import { describe, expect, it } from "vitest";
import { clockSkew } from "#/base/clock";
import { formatFor } from "./format";
import { inLocale, type Messages, plural } from "./messages";

type Any = Messages<Record<string, string | ((...parameters: never[]) => string)>>;
const rooms = import.meta.glob<Record<string, Any>>("../**/messages.ts", { eager: true });
const catalogues = Object.entries(rooms).flatMap(([file, exported]) =>
  Object.entries(exported).filter(([, value]) => typeof value === "object").map(([name, messages]) => ({ where: `${file} ${name}`, messages })),
);

const said = (message: string | ((...parameters: never[]) => string)): string =>
  typeof message === "string" ? message : message(...(["⟨1⟩", "⟨2⟩", "⟨3⟩"] as never[]));

describe("the message catalogue", () => {
  it("is found", () => {
    expect(catalogues.length).toBeGreaterThan(3);
  });

  it.each(catalogues)("$where says everything in both languages", ({ messages }) => {
    expect(Object.keys(messages.de).sort()).toEqual(Object.keys(messages.en).sort());
    for (const [key, message] of [...Object.entries(messages.en), ...Object.entries(messages.de)]) {
      expect(said(message).trim(), key).not.toBe("");
      if (typeof message === "function") expect(message.length, key).toBeGreaterThan(0);
    }
  });

  it.each(catalogues)("$where is marked in the pseudo-locale", ({ messages }) => {
    for (const message of Object.values(inLocale(messages, "pseudo"))) {
      expect(said(message)).toMatch(/^⟦.*⟧$/s);
    }
  });

  it("has forms for one and for many", () => {
    expect(plural("en", 1, { one: "# job", other: "# jobs" })).toBe("1 job");
    expect(plural("de", 1204, { one: "# Lauf", other: "# Läufe" })).toBe("1.204 Läufe");
  });
});

describe("values", () => {
  const en = formatFor("en-GB");
  it("are told as spans", () => {
    expect(en.duration(34)).toBe("34ms");
    expect(en.duration(1500)).toBe("1.5s");
    expect(en.duration(3_720_000)).toBe("1h 2m");
    expect(en.duration(90_061_000)).toBe("1d 1h");
  });
  it("are counted by the server's clock, and what has just been is now", () => {
    clockSkew.set(3_600_000);
    expect(en.ago(new Date(Date.now() + 3_600_000 - 1_000))).toBe("now");
    expect(en.ago(new Date(Date.now() + 3_600_000 + 2_000))).toBe("now");
    expect(en.ago(new Date())).toMatch(/1 ?h/);
    clockSkew.set(0);
  });

  it("are told as how long ago, on both sides of now", () => {
    const now = Date.parse("2026-11-21T12:00:00Z");
    expect(en.ago("2026-11-21T11:48:00Z", now)).toMatch(/12 ?min/);
    expect(en.ago("2026-11-22T12:00:00Z", now)).toMatch(/tomorrow/);
  });
  it("are shown as they came if they are no times", () => {
    expect(en.dateTime("soon")).toBe("soon");
    expect(en.ago("soon")).toBe("soon");
  });
});
