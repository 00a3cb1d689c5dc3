// What time it is at the server. The clock of this computer may be off, and what has just been would be told as being hours away.
import { store } from "./store";

/** A difference that comes of whole seconds and of the way here. */
const JITTER = 2_000;

/** How far the server's clock is ahead of this computer's, in milliseconds. */
export const clockSkew = store(0);

/** Takes note of the server's time, from the head of an answer that comes fresh from it (RFC 9110, section 6.6.1). */
export function hearServerTime(date: string | null): void {
  const skew = Date.parse(date ?? "") - Date.now();
  if (!Number.isNaN(skew) && Math.abs(skew - clockSkew.get()) > JITTER) clockSkew.set(skew);
}

/** Returns the time at the server, in milliseconds since 1970. */
export const serverNow = (): number => Date.now() + clockSkew.get();
