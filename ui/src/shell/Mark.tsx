// Lethe's mark: three waves of the river.
import type { JSX } from "react";

/** The mark. */
export function Mark({ size }: { size: number }): JSX.Element {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden fill="none" stroke="var(--accent)" strokeWidth="2.6" strokeLinecap="round">
      <path d="M5 10c3.6-3.4 7.2-3.4 11 0s7.4 3.4 11 0M5 17c3.6-3.4 7.2-3.4 11 0s7.4 3.4 11 0M5 24c3.6-3.4 7.2-3.4 11 0s7.4 3.4 11 0" />
    </svg>
  );
}
