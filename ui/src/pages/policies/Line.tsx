// A line of a set of rules with its parts told apart: comment, kind, name, deny.
import type { JSX } from "react";
import styles from "./Code.module.css";

const PARTS = /^(\s*)(p|g2?)(\s*,\s*)([^,]*)(.*)$/;
const DENY = /^(.*,\s*)(deny)(\s*(?:,.*)?)$/;

/** The line. Every character of it stays where it is. */
export function Line({ text }: { text: string }): JSX.Element {
  if (text.trimStart().startsWith("#")) return <span className={styles["comment"]}>{text}</span>;
  const [, indent, kind, comma, name, rest = ""] = PARTS.exec(text) ?? [];
  if (kind === undefined) return <span>{text}</span>;
  const [, before, deny, after] = DENY.exec(rest) ?? [];
  return (
    <span>
      {indent}<span className={styles["kind"]}>{kind}</span>{comma}<span className={styles["name"]}>{name}</span>
      {deny === undefined ? rest : <>{before}<span className={styles["deny"]}>{deny}</span>{after}</>}
    </span>
  );
}
