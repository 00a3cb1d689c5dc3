// Chips: a short word with a tone. Never colour alone: tones that mean something bring their icon.
import { CircleAlert, CircleCheck, CircleX, LoaderCircle, type LucideIcon, Minus, UserRound, X } from "lucide-react";
import type { JSX, ReactNode } from "react";
import { Button } from "react-aria-components";
import styles from "./Chip.module.css";
import { classes } from "./classes";

/** What a chip means. `pii` is personal data, `special` a special category of it (GDPR, Art. 9). */
export type Tone = "plain" | "info" | "ok" | "warn" | "danger" | "running" | "pii" | "special";

const ICONS: Partial<Record<Tone, LucideIcon>> = {
  ok: CircleCheck, warn: CircleAlert, danger: CircleX, running: LoaderCircle, pii: UserRound, special: UserRound,
};

/** A chip. With `onRemove` it can be taken away. */
export function Chip({ tone = "plain", icon, children, onRemove, removeLabel, title }: { tone?: Tone; icon?: LucideIcon; children: ReactNode; onRemove?: () => void; removeLabel?: string; title?: string }): JSX.Element {
  const Icon = icon ?? ICONS[tone];
  return (
    <span className={classes(styles["chip"], styles[tone])} title={title}>
      {Icon && <Icon size={12} aria-hidden />}
      <span className={styles["text"]}>{children}</span>
      {onRemove && <Button className={styles["remove"] ?? ""} aria-label={removeLabel ?? ""} onPress={onRemove}><X size={12} aria-hidden /></Button>}
    </span>
  );
}

const STATES: Record<string, Tone> = { COMPLETED: "ok", COMPLETE: "ok", FAILED: "danger", FAIL: "danger", ABORTED: "warn", ABORT: "warn", RUNNING: "running", START: "running" };

/** The tone of a run's state or of an event's type, as OpenLineage words it. */
export function runTone(state: string): Tone {
  return STATES[state] ?? "plain";
}

/** No value. */
export function None({ label }: { label: string }): JSX.Element {
  return <span className={styles["none"]} role="img" aria-label={label}><Minus size={12} aria-hidden /></span>;
}
