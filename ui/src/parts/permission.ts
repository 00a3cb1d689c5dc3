// Which permission was missing. The server names it at the head of the detail: `event:read`: no rule allows it.
import type { Problem } from "#/api";

/** Returns the permission that a refusal names, or null. */
export function permissionOf(problem: Problem): string | null {
  return /`([a-z_]+:[a-z_]+)`/.exec(problem.detail)?.[1] ?? null;
}
