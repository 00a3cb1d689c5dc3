// What is shown while it is not known yet who is there.
import type { JSX } from "react";
import { Skeleton } from "#/design/State";
import styles from "./Shell.module.css";

/** Lines that hold the place. */
export function Waiting(): JSX.Element {
  return <main className={styles["alone"]}><Skeleton lines={4} /></main>;
}
