// The rail at the left: where one can go. Folds to its icons; on a phone it opens over the page.
import { Link } from "@tanstack/react-router";
import { type JSX, useEffect } from "react";
import { classes } from "#/design/classes";
import { useText } from "#/text/messages";
import { Mark } from "./Mark";
import { shell } from "./messages";
import { PLACES } from "./places";
import styles from "./Rail.module.css";

/** The rail. */
export function Rail({ isNarrow, isOpen, onGo }: { isNarrow: boolean; isOpen: boolean; onGo: () => void }): JSX.Element {
  const text = useText(shell);
  useEffect(() => {
    if (!isOpen) return undefined;
    const onKey = (event: KeyboardEvent): void => { if (event.key === "Escape") onGo(); };
    document.addEventListener("keydown", onKey);
    return () => { document.removeEventListener("keydown", onKey); };
  }, [isOpen, onGo]);
  return (
    <>
      {isOpen && <button type="button" className={styles["outside"]} aria-label={text.closeTop} onClick={onGo} />}
      <nav className={classes(styles["rail"], isNarrow && styles["narrow"], isOpen && styles["open"])} aria-label={text.navigation}>
        <Link to="/" className={styles["brand"]} onClick={onGo}><Mark size={22} /><span>{text.lethe}</span></Link>
        {PLACES.map((group, place) => (
          <ul key={place}>
            {group.map(({ to, text: message, icon: Icon }) => (
              <li key={to}>
                <Link to={to} className={styles["link"]} activeProps={{ className: styles["active"] ?? "" }} activeOptions={{ exact: to === "/", includeSearch: false }} title={text[message]} onClick={onGo}>
                  <Icon size={16} aria-hidden /><span>{text[message]}</span>
                </Link>
              </li>
            ))}
          </ul>
        ))}
      </nav>
    </>
  );
}
