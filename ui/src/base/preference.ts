// What somebody prefers in this browser (theme, density, language, shortcuts): a few fixed words in
// localStorage. Nothing about persons or data is ever put there.
import { type Store, store } from "./store";

const PREFIX = "lethe.";

/** Makes a preference out of a few words. Works without storage too, then only until the page is left. */
export function preference<const W extends string>(name: string, words: readonly W[], fallback: NoInfer<W>): Store<W> {
  const held = store<W>(words.find((word) => word === read(name)) ?? fallback);
  return {
    ...held,
    set: (value) => {
      try {
        localStorage.setItem(PREFIX + name, value);
      } catch {
        // Storage is full or forbidden: the preference holds until the page is left.
      }
      held.set(value);
    },
  };
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}
