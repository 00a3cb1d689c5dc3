// The question: who read which dataset, between which times, with what was derived from it or without.
import { type JSX, type SyntheticEvent, useState } from "react";
import { Button } from "#/design/Button";
import { Switch, TextField } from "#/design/Field";
import { useText } from "#/text/messages";
import styles from "./Audit.module.css";
import { DatasetField } from "./DatasetField";
import { audit } from "./messages";
import type { ReadersView } from "./view";

/** A moment as `datetime-local` takes it: in the time of this place, to the minute. */
export function toLocal(at: string): string {
  const date = new Date(at);
  if (at === "" || Number.isNaN(date.getTime())) return "";
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function fromLocal(typed: string): string | null {
  const date = new Date(typed);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** The form. `times` are those that hold where none are chosen. */
export function ReadersForm({ view, times, onAsk }: { view: ReadersView; times: { from: string; to: string }; onAsk: (change: Partial<ReadersView>) => void }): JSX.Element {
  const text = useText(audit);
  const [of, setOf] = useState(view.of);
  const [from, setFrom] = useState(toLocal(times.from));
  const [to, setTo] = useState(toLocal(times.to));
  const [isTried, setTried] = useState(false);
  const isNode = /^dataset:.+:.+/.test(of.trim());
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    setTried(true);
    const [begin, end] = [fromLocal(from), fromLocal(to)];
    if (!isNode || begin === null || end === null) return;
    onAsk({ of: of.trim(), ...(from === toLocal(times.from) ? {} : { from: begin }), ...(to === toLocal(times.to) ? {} : { to: end }) });
  };
  return (
    <form className={styles["form"]} noValidate onSubmit={submit}>
      <DatasetField value={of} onChange={setOf} error={isTried && !isNode ? text.badDataset : undefined} />
      <TextField type="datetime-local" label={text.from} value={from} onChange={setFrom} error={fromLocal(from) === null ? text.badTime : undefined} />
      <TextField type="datetime-local" label={text.to} value={to} onChange={setTo} error={fromLocal(to) === null ? text.badTime : undefined} />
      <Button variant="primary" type="submit">{text.ask}</Button>
      <div className={styles["formRow"]}><Switch isSelected={view.downstream} onChange={(downstream) => { onAsk({ downstream }); }}>{text.downstream}</Switch></div>
    </form>
  );
}
