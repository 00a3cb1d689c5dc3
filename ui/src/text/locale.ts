// Which language is spoken: the one that was chosen, else the browser's, else English.
// `pseudo` is English with accents and brackets, to find text that is not in a catalogue.
import { useSyncExternalStore } from "react";
import { preference } from "#/base/preference";

/** The languages there are. */
export const LOCALES = ["en", "de", "pseudo"] as const;
export type Locale = (typeof LOCALES)[number];

const spoken = (): Locale => (navigator.language.startsWith("de") ? "de" : "en");

/** The language in use. */
export const locale = preference<Locale>("language", LOCALES, spoken());

/** Returns the language in use, and renders again when it changes. */
export function useLocale(): Locale {
  return useSyncExternalStore(locale.watch, locale.get);
}

/** The tag for `Intl`: the browser's own region of the language where it has one. */
export function tagOf(spokenNow: Locale): string {
  const language = spokenNow === "pseudo" ? "en" : spokenNow;
  return navigator.languages.find((tag) => tag.startsWith(language)) ?? language;
}
