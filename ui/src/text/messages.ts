// The message catalogue. Each room that shows text has a `messages.ts` with `defineMessages`: English and
// German side by side, the same keys and parameters by type. A message is a text, or a function of its
// parameters that returns one.
import { type Locale, useLocale } from "./locale";

type Message = string | ((...parameters: never[]) => string);
type Translated<M> = M extends string ? string : M;

/** The messages of a room in one language. */
export type Spoken<E> = { readonly [K in keyof E]: Translated<E[K]> };

/** The messages of a room. */
export interface Messages<E> {
  readonly en: Spoken<E>;
  readonly de: Spoken<E>;
}

/** Declares the messages of a room. */
export function defineMessages<E extends Record<string, Message>>(both: { en: E; de: Spoken<E> }): Messages<E> {
  return both as Messages<E>;
}

/** Returns a room's messages in the language in use. */
export function useText<E>(messages: Messages<E>): Spoken<E> {
  return inLocale(messages, useLocale());
}

/** Returns a room's messages in a language. */
export function inLocale<E>(messages: Messages<E>, spoken: Locale): Spoken<E> {
  return spoken === "pseudo" ? pseudo(messages) : messages[spoken];
}

/** Picks the form of a text that fits a number, and puts the number where `#` stands. */
export function plural(language: "en" | "de", number: number, forms: { one: string; other: string }): string {
  const form = new Intl.PluralRules(language).select(number) === "one" ? forms.one : forms.other;
  return form.replaceAll("#", new Intl.NumberFormat(language).format(number));
}

const pseudoMade = new WeakMap<object, unknown>();

function pseudo<E>(messages: Messages<E>): Spoken<E> {
  const made = pseudoMade.get(messages) ?? Object.fromEntries(
    Object.entries(messages.en as Record<string, Message>).map(([key, message]) => [
      key,
      typeof message === "string" ? accented(message) : (...all: never[]) => accented(message(...all)),
    ]),
  );
  pseudoMade.set(messages, made);
  return made as Spoken<E>;
}

const ACCENTS: Record<string, string> = { a: "á", e: "é", i: "í", o: "ó", u: "ú", A: "Á", E: "É", I: "Í", O: "Ó", U: "Ú" };

/** Returns a text as the pseudo-locale shows it: accented, a third longer, in brackets. */
export function accented(text: string): string {
  const marked = text.replaceAll(/[aeiouAEIOU]/g, (letter) => ACCENTS[letter] ?? letter);
  return `⟦${marked}${"·".repeat(Math.ceil(text.length / 3))}⟧`;
}
