// A value that others watch: what little state the UI has outside of pages and answers.

/** A value with its watchers, in the form that React's `useSyncExternalStore` takes. */
export interface Store<T> {
  get(this: void): T;
  set(this: void, value: T): void;
  watch(this: void, listener: () => void): () => void;
}

/** Makes a store. */
export function store<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set: (next) => {
      if (Object.is(next, value)) return;
      value = next;
      listeners.forEach((listener) => { listener(); });
    },
    watch: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
