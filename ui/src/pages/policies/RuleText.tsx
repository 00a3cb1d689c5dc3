// The text of a set as it was written, its lines numbered; the rule that a link named is marked and scrolled to.
import { type JSX, useEffect, useRef } from "react";
import { CopyButton } from "#/design/Bits";
import { useText } from "#/text/messages";
import { policies } from "./messages";
import styles from "./Code.module.css";
import { Line } from "./Line";
import { linesOfRules } from "./rule_line";

/** The text. */
export function RuleText({ csv, rule }: { csv: string; rule: string }): JSX.Element {
  const text = useText(policies);
  const marked = rule === "" ? undefined : linesOfRules(csv).get(rule);
  const line = useRef<HTMLLIElement>(null);
  useEffect(() => { line.current?.scrollIntoView({ block: "center" }); }, [marked]);
  return (
    <figure className={styles["text"]} aria-label={text.rulesText}>
      {/* A box that scrolls must be reachable by keyboard (WCAG 2.1.1). */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <ol tabIndex={0}>
        {csv.split("\n").map((one, place) => (
          <li key={place} ref={place + 1 === marked ? line : null} className={styles["line"]} data-marked={place + 1 === marked} aria-current={place + 1 === marked}><Line text={one} /></li>
        ))}
      </ol>
      <span className={styles["copy"]}><CopyButton text={csv} /></span>
    </figure>
  );
}
