// JSON to be read: objects and lists open and close, long texts break, all of it can be copied. What is closed is not drawn.
import { type JSX, useState } from "react";
import { CopyButton } from "#/design/Bits";
import { useText } from "#/text/messages";
import { parts } from "./messages";
import styles from "./JsonView.module.css";

const OPEN_DEPTH = 2;
const ENTRIES_SHOWN = 100;

/** A value of JSON. */
export function JsonView({ value, label, openDepth = OPEN_DEPTH }: { value: unknown; label: string; openDepth?: number }): JSX.Element {
  const text = useText(parts);
  return (
    <figure className={styles["json"]} aria-label={label}>
      <span className={styles["copy"]}><CopyButton text={JSON.stringify(value, null, 2)} label={text.copyJson} /></span>
      <Value value={value} depth={openDepth} />
    </figure>
  );
}

function Value({ value, depth }: { value: unknown; depth: number }): JSX.Element {
  if (typeof value !== "object" || value === null) {
    return <span className={styles[value === null ? "null" : typeof value]}>{JSON.stringify(value)}</span>;
  }
  const entries = Array.isArray(value) ? value.map((one, place) => [String(place), one] as const) : Object.entries(value);
  return <Entries entries={entries} depth={depth} isList={Array.isArray(value)} />;
}

function Entries({ entries, depth, isList }: { entries: (readonly [string, unknown])[]; depth: number; isList: boolean }): JSX.Element {
  const text = useText(parts);
  const [shown, setShown] = useState(ENTRIES_SHOWN);
  if (entries.length === 0) return <span className={styles["null"]}>{isList ? "[]" : "{}"}</span>;
  return (
    <ul className={styles["entries"]}>
      {entries.slice(0, shown).map(([name, value]) => <Entry key={name} name={name} value={value} depth={depth} isList={isList} />)}
      {entries.length > shown && <li><button type="button" className={styles["more"]} onClick={() => { setShown(shown * 10); }}>{text.andMore(entries.length - shown)}</button></li>}
    </ul>
  );
}

function Entry({ name, value, depth, isList }: { name: string; value: unknown; depth: number; isList: boolean }): JSX.Element {
  const [isOpen, setOpen] = useState(depth > 0);
  const key = <span className={styles[isList ? "place" : "key"]}>{name}</span>;
  const inner = typeof value === "object" && value !== null ? Object.keys(value).length : 0;
  if (inner === 0) return <li className={styles["leaf"]}>{key} <Value value={value} depth={0} /></li>;
  return (
    <li>
      <details open={isOpen} onToggle={(event) => { setOpen(event.currentTarget.open); }}>
        <summary>{key} <span className={styles["null"]}>{Array.isArray(value) ? `[${inner}]` : `{${inner}}`}</span></summary>
        {isOpen && <Value value={value} depth={depth - 1} />}
      </details>
    </li>
  );
}
