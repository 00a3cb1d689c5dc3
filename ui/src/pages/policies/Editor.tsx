// A field for rules: a plain text area (so that the browser's own editing, undo and screen reader support hold), with lines
// numbered, faults marked, and the parts of a rule told apart by a layer painted below it. Only what is seen is painted. An
// editor library writes style sheets into the page, which the content policy refuses, and weighs a hundred times this.
import { type JSX, type RefObject, useLayoutEffect, useMemo, useState } from "react";
import { classes } from "#/design/classes";
import styles from "./Code.module.css";
import { Line } from "./Line";

const LINE_HEIGHT = 18;
const BEYOND = 8;
const ABOVE = 6;

/** What is the matter with a line. */
export interface Mark {
  tone: "faulty" | "odd";
  message: string;
}

/** Puts the cursor into a line and shows it. */
export function goToLine(area: HTMLTextAreaElement | null, line: number): void {
  if (area === null) return;
  const before = area.value.split("\n").slice(0, line - 1);
  const start = before.reduce((all, one) => all + one.length + 1, 0);
  const end = area.value.indexOf("\n", start);
  area.focus();
  area.setSelectionRange(start, end < 0 ? area.value.length : end);
  area.scrollTop = Math.max(0, (line - ABOVE) * LINE_HEIGHT);
  area.scrollLeft = 0;
}

interface EditorProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  marks: ReadonlyMap<number, Mark>;
  area: RefObject<HTMLTextAreaElement | null>;
  isLow?: boolean;
  placeholder?: string;
}

/** The field. */
export function Editor({ label, value, onChange, marks, area, isLow = false, placeholder }: EditorProps): JSX.Element {
  const [seen, setSeen] = useState({ top: 0, left: 0, height: 600 });
  const lines = useMemo(() => value.split("\n"), [value]);
  const look = (): void => {
    const { current } = area;
    if (current !== null) setSeen({ top: current.scrollTop, left: current.scrollLeft, height: current.clientHeight });
  };
  useLayoutEffect(() => {
    const { current } = area;
    if (current === null) return undefined;
    const watcher = new ResizeObserver(() => { setSeen({ top: current.scrollTop, left: current.scrollLeft, height: current.clientHeight }); });
    watcher.observe(current);
    return () => { watcher.disconnect(); };
  }, [area]);
  const first = Math.max(0, Math.floor(seen.top / LINE_HEIGHT) - BEYOND);
  const shown = lines.slice(first, Math.ceil((seen.top + seen.height) / LINE_HEIGHT) + BEYOND);
  const shift = first * LINE_HEIGHT - seen.top;
  const markOf = (place: number): string | undefined => styles[marks.get(first + place + 1)?.tone ?? "none"];
  return (
    <div className={classes(styles["editor"], isLow && styles["low"])}>
      <div className={styles["gutter"]} aria-hidden>
        <div className={styles["numbers"]} style={{ transform: `translateY(${shift}px)` }}>
          {shown.map((_, place) => <span key={first + place} className={classes(styles["number"], markOf(place))} title={marks.get(first + place + 1)?.message}>{first + place + 1}</span>)}
        </div>
      </div>
      <div className={styles["sheet"]}>
        <div className={styles["painted"]} style={{ transform: `translate(${-seen.left}px, ${shift}px)` }} aria-hidden>
          {shown.map((line, place) => <div key={first + place} className={markOf(place)}><Line text={line} /></div>)}
        </div>
        <textarea
          ref={area} className={styles["input"]} aria-label={label} aria-invalid={marks.size > 0} value={value} wrap="off" spellCheck={false} autoCapitalize="off" autoComplete="off"
          placeholder={placeholder} onChange={(event) => { onChange(event.target.value); look(); }} onScroll={look}
        />
      </div>
    </div>
  );
}
