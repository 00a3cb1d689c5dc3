// When: the graph as it was at a moment, and what has changed since another.
import { type JSX, useState } from "react";
import { serverNow } from "#/base/clock";
import { Button } from "#/design/Button";
import { Checkbox, TextField } from "#/design/Field";
import { Dialog } from "#/design/Overlay";
import { useText } from "#/text/messages";
import type { Actions } from "../actions";
import styles from "../Explorer.module.css";
import { lineage } from "../messages";
import { details } from "./messages";
import type { LineageView } from "../view";

const HOUR = 3_600_000;
const SPANS = [["hour", HOUR], ["day", 24 * HOUR], ["week", 168 * HOUR], ["month", 720 * HOUR]] as const;

/** Writes a moment as the browser's field takes it: in local time. */
function local(at: string): string {
  if (at === "") return "";
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

const utc = (typed: string): string => {
  const date = new Date(typed);
  return typed === "" || Number.isNaN(date.getTime()) ? "" : date.toISOString().replace(".000Z", "Z");
};

/** The dialog. */
export default function TimeDialog({ view, show, onClose }: { view: LineageView; show: Actions["show"]; onClose: () => void }): JSX.Element {
  const text = useText(lineage);
  const own = useText(details);
  const [at, setAt] = useState(local(view.at));
  const [diff, setDiff] = useState(local(view.diff));
  const [past, setPast] = useState(view.past);
  const apply = (): void => {
    show({ at: utc(at), diff: utc(diff), past });
    onClose();
  };
  const spans = (set: (typed: string) => void): JSX.Element => (
    <div className={styles["spans"]}>
      {SPANS.map(([name, span]) => <Button key={name} variant="quiet" onPress={() => { set(local(new Date(serverNow() - span).toISOString())); }}>{own.ago(own[name])}</Button>)}
    </div>
  );
  return (
    <Dialog title={text.time} isOpen onClose={onClose} actions={<><Button onPress={onClose}>{own.cancel}</Button><Button variant="primary" onPress={apply}>{own.apply}</Button></>}>
      <p>{own.timeWhy}</p>
      <TextField label={text.at} type="datetime-local" value={at} onChange={setAt} />
      <div className={styles["spans"]}><Button variant="quiet" onPress={() => { setAt(""); }}>{text.now}</Button></div>
      {spans(setAt)}
      <TextField label={own.compare} type="datetime-local" value={diff} onChange={setDiff} />
      <div className={styles["spans"]}><Button variant="quiet" onPress={() => { setDiff(""); }}>{text.noCompare}</Button></div>
      {spans(setDiff)}
      <Checkbox isSelected={past} onChange={setPast}>{text.pastLong}</Checkbox>
    </Dialog>
  );
}
