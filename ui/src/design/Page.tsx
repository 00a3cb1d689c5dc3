// The frame of a page's content: its heading, cards, and facts in two columns.
import { type JSX, type ReactNode, useEffect } from "react";
import { classes } from "./classes";
import styles from "./Page.module.css";

interface PageProps {
  title: string;
  /** What the browser's tab says, where it is more than the title. */
  tab?: string;
  /** Above the title: where it belongs. */
  above?: ReactNode;
  /** Beside the title: chips, states. */
  beside?: ReactNode;
  /** What may be done; the primary action last. */
  actions?: ReactNode;
  children: ReactNode;
  /** Uses the whole width: for tables and graphs. */
  isWide?: boolean;
}

/** A page. */
export function Page({ title, tab, above, beside, actions, children, isWide }: PageProps): JSX.Element {
  useEffect(() => { document.title = `${tab ?? title} · Lethe`; }, [tab, title]);
  return (
    <div className={classes(styles["page"], isWide && styles["wide"])}>
      <header className={styles["head"]}>
        <div className={styles["naming"]}>
          {above && <div className={styles["above"]}>{above}</div>}
          <div className={styles["title"]}><h1 title={title}>{title}</h1>{beside}</div>
        </div>
        {actions && <div className={styles["actions"]}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** A part of a page with a heading. */
export function Card({ title, actions, children, isFlush }: { title: string; actions?: ReactNode; children: ReactNode; isFlush?: boolean }): JSX.Element {
  return (
    <section className={styles["card"]} aria-label={title}>
      <header className={styles["cardHead"]}><h2>{title}</h2>{actions}</header>
      <div className={classes(styles["cardBody"], isFlush && styles["flush"])}>{children}</div>
    </section>
  );
}

/** Names with values. */
export function Facts({ facts }: { facts: readonly { name: string; value: ReactNode }[] }): JSX.Element {
  return (
    <dl className={styles["facts"]}>
      {facts.map((fact) => <div key={fact.name}><dt>{fact.name}</dt><dd>{fact.value}</dd></div>)}
    </dl>
  );
}
