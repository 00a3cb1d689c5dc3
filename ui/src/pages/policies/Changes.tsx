// Which lines of a text differ from another's, with a few lines around each.
import type { JSX } from "react";
import { classes } from "#/design/classes";
import { useText } from "#/text/messages";
import styles from "./Code.module.css";
import { Line } from "./Line";
import { type DiffLine, diffLines } from "./line_diff";
import { policies } from "./messages";
import page from "./Policies.module.css";

const AROUND = 3;
const SIGNS = { same: " ", added: "+", removed: "−" };

type Piece = DiffLine | { kind: "skipped"; count: number; at: number };

/** Leaves out long stretches in which nothing differs. */
export function shortened(lines: readonly DiffLine[]): Piece[] {
  const isNear = (place: number): boolean => lines.slice(Math.max(0, place - AROUND), place + AROUND + 1).some((line) => line.kind !== "same");
  const pieces: Piece[] = [];
  lines.forEach((line, place) => {
    const last = pieces.at(-1);
    if (isNear(place)) pieces.push(line);
    else if (last?.kind === "skipped") last.count += 1;
    else pieces.push({ kind: "skipped", count: 1, at: place });
  });
  return pieces;
}

/** The lines. */
export function Changes({ before, after }: { before: string; after: string }): JSX.Element {
  const text = useText(policies);
  if (before === after) return <p className={page["muted"]}>{text.unchanged}</p>;
  return (
    <ul className={styles["diff"]} aria-label={text.changes}>
      {shortened(diffLines(before, after)).map((one) => (one.kind === "skipped"
        ? <li key={`skipped ${one.at}`} className={styles["skipped"]}>{text.skipped(one.count)}</li>
        : <li key={`${one.kind} ${one.before} ${one.after}`} className={classes(styles[one.kind])} data-numbers={`${one.before ?? ""}  ${one.after ?? ""}`}><span className={styles["sign"]}>{SIGNS[one.kind]}</span><Line text={one.text} /></li>))}
    </ul>
  );
}
