// The tokens: readable in light and dark, and the only place where a colour is named.
import { describe, expect, it } from "vitest";
import tokens from "./tokens.css?raw";

const sheets = import.meta.glob<string>("../**/*.css", { eager: true, query: "?raw", import: "default" });

const pairs = new Map(
  [...tokens.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(([, name, light, dark]) => [name, { light, dark }]),
);

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const surfaces = ["surface-0", "surface-1", "surface-2"];
const onSurfaces = (names: string[]): [string, string][] => names.flatMap((name) => surfaces.map((surface): [string, string] => [name, surface]));
const texts: [string, string][] = [
  ...onSurfaces(["text", "muted", "subtle", "accent", "danger", "warn", "ok", "pii", "special"]),
  ["on-accent", "accent"], ["danger", "danger-bg"], ["warn", "warn-bg"], ["ok", "ok-bg"],
  ["accent", "info-bg"], ["pii", "pii-bg"], ["special", "special-bg"], ["text", "info-bg"], ["text", "warn-bg"],
];

describe.each(["light", "dark"] as const)("in %s", (theme) => {
  const value = (name: string): string => pairs.get(name)?.[theme] ?? "missing";
  it.each(texts)("%s can be read on %s (WCAG 1.4.3)", (text, behind) => {
    expect(contrast(value(text), value(behind))).toBeGreaterThanOrEqual(4.5);
  });
  it.each(onSurfaces(["border-strong", "accent"]))("%s can be seen on %s (WCAG 1.4.11)", (edge, behind) => {
    expect(contrast(value(edge), value(behind))).toBeGreaterThanOrEqual(3);
  });
});

it.each(Object.entries(sheets).filter(([file]) => !file.endsWith("tokens.css")))("%s names no colour of its own", (_, sheet) => {
  expect(sheet.match(/#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(/gi)).toBeNull();
});
