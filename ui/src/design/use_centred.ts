// A line of things that scrolls sideways where there is little room: what is chosen in it is brought into view, and the page stays.
import { type RefObject, useEffect, useRef } from "react";

/** Returns the reference that the line takes. `chosen` says what is chosen; `selector` finds it. */
export function useCentred<E extends HTMLElement>(chosen: string, selector: string): RefObject<E | null> {
  const line = useRef<E>(null);
  useEffect(() => {
    const one = line.current?.querySelector(selector);
    if (!line.current || !one) return;
    const [room, place] = [line.current.getBoundingClientRect(), one.getBoundingClientRect()];
    line.current.scrollLeft += place.left + place.width / 2 - (room.left + room.width / 2);
  }, [chosen, selector]);
  return line;
}
