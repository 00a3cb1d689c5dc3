// Which rows of a long list are seen, so that only they are drawn. Rows are all as high as the density says.
import { type RefObject, useEffect, useRef, useState } from "react";

const SPARE = 20;
const ROWS = { compact: 28, default: 32, comfortable: 40 };

/** Returns how high a row is, in pixels. */
export function rowHeight(): number {
  const density = document.documentElement.dataset["density"] ?? "default";
  return density in ROWS ? ROWS[density as keyof typeof ROWS] : ROWS.default;
}

/** The rows to draw, and the room that the others take. */
export interface Rows<E> {
  box: RefObject<E | null>;
  first: number;
  end: number;
  above: number;
  below: number;
}

/** Watches a box that scrolls. */
export function useRows<E extends HTMLElement>(count: number): Rows<E> {
  const box = useRef<E>(null);
  const height = rowHeight();
  const [seen, setSeen] = useState({ first: 0, end: 60 });
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const look = (): void => {
      // In steps, so that not every pixel draws anew.
      const top = Math.floor(element.scrollTop / height / SPARE) * SPARE;
      const rows = Math.ceil(element.clientHeight / height);
      const next = { first: Math.max(0, top - SPARE), end: top + rows + 2 * SPARE };
      setSeen((before) => (before.first === next.first && before.end === next.end ? before : next));
    };
    look();
    element.addEventListener("scroll", look, { passive: true });
    window.addEventListener("resize", look);
    return () => {
      element.removeEventListener("scroll", look);
      window.removeEventListener("resize", look);
    };
  }, [height]);
  const end = Math.min(seen.end, count);
  const first = Math.max(0, Math.min(seen.first, end - 1));
  return { box, first, end, above: first * height, below: (count - end) * height };
}
