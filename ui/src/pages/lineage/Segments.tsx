// A choice of very few, side by side.
import type { JSX } from "react";
import { Button } from "react-aria-components";
import styles from "./Segments.module.css";

/** The choice. */
export function Segments<T extends string>({ label, value, options, onChange }: { label: string; value: T; options: readonly { id: T; label: string }[]; onChange: (value: T) => void }): JSX.Element {
  return (
    <span role="group" aria-label={label} className={styles["segments"]}>
      {options.map((option) => (
        <Button key={option.id} aria-pressed={option.id === value} className={styles["segment"] ?? ""} onPress={() => { onChange(option.id); }}>{option.label}</Button>
      ))}
    </span>
  );
}
