// Payloads of refused events: laid out to be read, where they are JSON.

/** Above this, what came is shown as it is: laying it out would change its numbers' digits for no gain in reading. */
const LAID_OUT_MAX = 1_000_000;
/** Numbers that JavaScript would write otherwise than they came. */
const LONG_NUMBER = /[:[,]\s*-?\d[\d.eE+-]{14,}/;

/** Returns JSON on several lines, and anything else as it is. */
export function laidOut(payload: string): string {
  if (payload.length > LAID_OUT_MAX || LONG_NUMBER.test(payload)) return payload;
  try {
    return JSON.stringify(JSON.parse(payload) as unknown, null, 2);
  } catch {
    return payload;
  }
}

/** Returns what is wrong with a text as JSON, or null. */
export function jsonFault(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}
