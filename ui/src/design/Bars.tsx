// Bars over time, small: one value each, none where there is no value. A picture only; whoever shows it gives the same figures
// in a table too.
import type { JSX } from "react";
import { classes } from "./classes";
import styles from "./Bars.module.css";

/** One bar. */
export interface Bar {
  id: string;
  value: number | null;
  /** What it is, told on hover. */
  title: string;
  /** `bad` is crossed as well as red, `open` is not yet over. */
  tone?: "plain" | "bad" | "open" | undefined;
  onOpen?: () => void;
}

const HEIGHT = 96;
/** Room above the tallest bar, for its cross. */
const HEAD = 10;
const LEAST = 2;
const WIDEST = 24;

/** The bars, oldest first. `format` writes the largest value at the scale. */
export function Bars({ label, bars, format }: { label: string; bars: readonly Bar[]; format: (value: number) => string }): JSX.Element {
  const top = Math.max(...bars.map((bar) => bar.value ?? 0), 0);
  const step = 100 / Math.max(bars.length, WIDEST);
  return (
    <figure className={styles["chart"]}>
      <div className={styles["scale"]} aria-hidden><span>{format(top)}</span><span>{format(top / 2)}</span><span>{format(0)}</span></div>
      <svg className={styles["bars"]} height={HEIGHT} role="img" aria-label={label}>
        {[HEAD, (HEIGHT + HEAD) / 2, HEIGHT - 1].map((y) => <line key={y} x1="0" x2="100%" y1={y + 0.5} y2={y + 0.5} className={styles["grid"]} />)}
        {bars.map((bar, place) => <One key={bar.id} bar={bar} x={place * step} width={step * 0.8} top={top} />)}
      </svg>
    </figure>
  );
}

function One({ bar, x, width, top }: { bar: Bar; x: number; width: number; top: number }): JSX.Element {
  const tall = bar.value === null || top === 0 ? LEAST : Math.max((bar.value / top) * (HEIGHT - HEAD), LEAST);
  const middle = `${x + width / 2}%`;
  return (
    // A pointer's shortcut: the same way leads from the table.
    <g className={classes(styles["bar"], styles[bar.tone ?? "plain"], bar.onOpen && styles["opens"])} {...(bar.onOpen ? { onClick: bar.onOpen } : {})}>
      <title>{bar.title}</title>
      <rect x={`${x}%`} y={0} width={`${width}%`} height={HEIGHT} className={styles["target"]} />
      <rect x={`${x}%`} y={HEIGHT - tall} width={`${width}%`} height={tall} className={styles["body"]} />
      {bar.tone === "bad" && <text x={middle} y={HEIGHT - tall - 2} textAnchor="middle" className={styles["cross"]}>×</text>}
    </g>
  );
}
