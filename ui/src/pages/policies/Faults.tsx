// What the server found wrong with a text: a list that leads to the lines.
import { CircleCheck } from "lucide-react";
import type { JSX } from "react";
import { Button } from "react-aria-components";
import type { Problem } from "#/api";
import { useText } from "#/text/messages";
import type { Mark } from "./Editor";
import { policies } from "./messages";
import styles from "./Policies.module.css";

type Fault = Problem["faults"][number];

/** Whether a refusal is about the text itself. */
export function isFault(problem: Problem | null): boolean {
  return problem?.code === "invalid-policy";
}

/** Returns the lines with something wrong in one of the texts. */
export function marksOf(faults: readonly Fault[], part: string): Map<number, Mark> {
  const own = faults.filter((fault) => fault.pointer === `/${part}` && fault.line != null);
  return new Map(own.map((fault) => [fault.line ?? 0, { tone: "faulty", message: fault.message }]));
}

/** The list. */
export function Faults({ faults, isChecked, isStale, onGo }: { faults: readonly Fault[]; isChecked: boolean; isStale: boolean; onGo: (part: string, line: number) => void }): JSX.Element {
  const text = useText(policies);
  if (!isChecked) return <p className={styles["muted"]}>{text.notChecked}</p>;
  return (
    <div className={styles["stack"]} role="status">
      {isStale && <p className={styles["muted"]}>{text.stale}</p>}
      {faults.length === 0 ? <p className={styles["bar"]}><CircleCheck size={16} aria-hidden /> {text.noFaults}</p> : (
        <ul className={styles["faults"]} aria-label={text.faultCount(faults.length)}>
          {faults.map((fault, place) => (
            <li key={place}>
              <Button className={styles["fault"] ?? ""} onPress={() => { onGo(fault.pointer.slice(1), fault.line ?? 1); }}>
                <strong>{fault.line == null ? text.wholeSet : text.line(fault.line)}{fault.pointer === "/cases" && ` · ${text.inCases}`}</strong>
                {fault.message}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
