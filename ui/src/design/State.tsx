// The states of a page that are not its content: loading, empty, a banner above it.
import { CircleAlert, CircleX, Info, type LucideIcon } from "lucide-react";
import { type JSX, type ReactNode, useEffect, useState } from "react";
import { useText } from "#/text/messages";
import { Button } from "./Button";
import { classes } from "./classes";
import { kit } from "./messages";
import styles from "./State.module.css";

const PATIENCE_SECONDS = 2;

/** Lines that hold the place of what is loading. Says so, and for how long, after two seconds. */
export function Skeleton({ lines = 6, onCancel }: { lines?: number; onCancel?: () => void }): JSX.Element {
  const text = useText(kit);
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => { setSeconds((before) => before + 1); }, 1000);
    return () => { clearInterval(timer); };
  }, []);
  return (
    <div className={styles["skeleton"]} aria-busy="true">
      {seconds >= PATIENCE_SECONDS ? (
        <p className={styles["patience"]} role="status">
          {text.stillLoading(seconds)}
          {onCancel && <Button variant="quiet" onPress={onCancel}>{text.cancel}</Button>}
        </p>
      ) : <p className={styles["unseen"]} role="status">{text.loading}</p>}
      {Array.from({ length: lines }, (_, line) => <span key={line} className={styles["bone"]} />)}
    </div>
  );
}

/** Nothing to show: what this is, and what to do. */
export function Empty({ title, icon: Icon, children, actions }: { title: string; icon?: LucideIcon; children?: ReactNode; actions?: ReactNode }): JSX.Element {
  return (
    <section className={styles["empty"]}>
      {Icon && <Icon size={24} aria-hidden />}
      <h2>{title}</h2>
      {children && <div className={styles["why"]}>{children}</div>}
      {actions && <div className={styles["actions"]}>{actions}</div>}
    </section>
  );
}

const BANNERS = { info: Info, warn: CircleAlert, danger: CircleX };

/** A line across the page: something holds for all of it. */
export function Banner({ tone = "info", children, actions }: { tone?: keyof typeof BANNERS; children: ReactNode; actions?: ReactNode }): JSX.Element {
  const Icon = BANNERS[tone];
  return (
    <div className={classes(styles["banner"], styles[tone])} role={tone === "danger" ? "alert" : "status"}>
      <Icon size={16} aria-hidden />
      <div className={styles["said"]}>{children}</div>
      {actions}
    </div>
  );
}

/** A thin line that moves while what is shown is asked for again. */
export function Refreshing({ isOn }: { isOn: boolean }): JSX.Element {
  return <div className={classes(styles["refreshing"], isOn && styles["on"])} aria-hidden />;
}
