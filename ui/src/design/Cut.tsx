// A long name on one line: cut in the middle, since both its ends tell things apart. Whole on hover and when copied.
import type { JSX } from "react";
import { classes } from "./classes";
import styles from "./Cut.module.css";

const TAIL = 16;
const CHARACTERS = new Intl.Segmenter();

/** The name. */
export function Cut({ text, tail = TAIL, className }: { text: string; tail?: number; className?: string | undefined }): JSX.Element {
  // By characters as people see them, so that none is torn apart.
  const points = Array.from(CHARACTERS.segment(text), (one) => one.segment);
  if (points.length <= tail) return <span className={classes(styles["cut"], className)} title={text}>{text}</span>;
  return (
    <span className={classes(styles["cut"], className)} title={text}>
      {/* Read out whole: the pieces would be read with a gap. */}
      <span className={styles["whole"]}>{text}</span>
      <span className={styles["head"]} aria-hidden>{points.slice(0, -tail).join("")}</span>
      <span className={styles["tail"]} aria-hidden>{points.slice(-tail).join("")}</span>
    </span>
  );
}
