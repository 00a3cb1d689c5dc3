// Numbers, times, durations and sizes as the language in use writes them.
import { useSyncExternalStore } from "react";
import { clockSkew, serverNow } from "#/base/clock";
import { tagOf, useLocale } from "./locale";

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["second", 60], ["minute", 60], ["hour", 24], ["day", 30], ["month", 12], ["year", Infinity],
];

const NOW_SECONDS = 3;

/** How values are written. */
export interface Format {
  number(this: void, value: number): string;
  /** A share between 0 and 1. */
  percent(this: void, share: number): string;
  date(this: void, at: string | Date): string;
  dateTime(this: void, at: string | Date): string;
  time(this: void, at: string | Date): string;
  /** How long ago, or in how long, as seen from `now`. */
  ago(this: void, at: string | Date, now?: number): string;
  /** A span in milliseconds, in its two largest units. */
  duration(this: void, milliseconds: number): string;
  /** A size in bytes. */
  bytes(this: void, size: number): string;
}

/** Returns how values are written in a language. */
export function formatFor(tag: string): Format {
  const number = new Intl.NumberFormat(tag);
  const dates = new Intl.DateTimeFormat(tag, { dateStyle: "medium" });
  const dateTimes = new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeStyle: "medium" });
  const times = new Intl.DateTimeFormat(tag, { timeStyle: "medium" });
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: "auto", style: "narrow" });
  const percents = new Intl.NumberFormat(tag, { style: "percent", maximumFractionDigits: 1 });
  const unit = (value: number, name: string): string =>
    new Intl.NumberFormat(tag, { style: "unit", unit: name, unitDisplay: "narrow", maximumFractionDigits: 1 }).format(value);
  return {
    number: (value) => number.format(value),
    percent: (share) => percents.format(share),
    date: (at) => safe(at, dates),
    dateTime: (at) => safe(at, dateTimes),
    time: (at) => safe(at, times),
    ago: (at, now = serverNow()) => {
      let value = (new Date(at).getTime() - now) / 1000;
      // What the clocks do not tell apart.
      if (Math.abs(value) < NOW_SECONDS) value = 0;
      if (Number.isNaN(value)) return String(at);
      for (const [name, size] of STEPS) {
        if (Math.abs(value) < size) return relative.format(Math.round(value), name);
        value /= size;
      }
      return String(at);
    },
    duration: (milliseconds) => durationParts(milliseconds).map(([value, name]) => unit(value, name)).join(" "),
    bytes: (size) => {
      const names = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
      const power = size < 1 ? 0 : Math.min(Math.floor(Math.log10(size) / 3), names.length - 1);
      return unit(size / 1000 ** power, names[power] ?? "byte");
    },
  };
}

function safe(at: string | Date, format: Intl.DateTimeFormat): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : format.format(date);
}

function durationParts(milliseconds: number): [number, string][] {
  if (milliseconds < 1000) return [[Math.round(milliseconds), "millisecond"]];
  if (milliseconds < 60_000) return [[milliseconds / 1000, "second"]];
  const seconds = Math.round(milliseconds / 1000);
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), "day"],
    [Math.floor(seconds / 3600) % 24, "hour"],
    [Math.floor(seconds / 60) % 60, "minute"],
    [seconds % 60, "second"],
  ];
  const from = parts.findIndex(([value]) => value > 0);
  return parts.slice(from, from + 2).filter(([value]) => value > 0);
}

const made = new Map<string, Format>();

/** Returns how values are written in the language in use. */
export function useFormat(): Format {
  const tag = tagOf(useLocale());
  // Once the server's clock is known, what was counted by this computer's is counted anew.
  useSyncExternalStore(clockSkew.watch, clockSkew.get);
  const format = made.get(tag) ?? formatFor(tag);
  made.set(tag, format);
  return format;
}
