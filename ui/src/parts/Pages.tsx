// Paging of lists that go on after a cursor. The cursor is in the address, so that a page can be linked to.
import type { JSX } from "react";
import { Button } from "#/design/Button";
import { useText } from "#/text/messages";
import { parts } from "./messages";
import styles from "./Pages.module.css";

/** The first page and the next one; nothing where all is shown. */
export function Pages({ after, next, onGo }: { after: string; next: string | null | undefined; onGo: (after: string) => void }): JSX.Element | null {
  const text = useText(parts);
  if (after === "" && !next) return null;
  return (
    <nav className={styles["pages"]} aria-label={text.pages}>
      {after !== "" && <Button onPress={() => { onGo(""); }}>{text.firstPage}</Button>}
      {next && <Button onPress={() => { onGo(next); window.scrollTo({ top: 0 }); }}>{text.nextPage}</Button>}
    </nav>
  );
}
