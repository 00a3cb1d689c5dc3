// The question as a sentence to fill in. Who, act and thing are suggested while somebody types; it is asked by the
// address, so that it can be handed on.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type JSX, useState } from "react";
import { ask, useMe, useCould } from "#/api";
import { Button } from "#/design/Button";
import { ComboField, type Suggestion } from "#/design/Combo";
import { TextField } from "#/design/Field";
import { ALL_ACTS } from "#/parts/acts";
import { datasetOf, datasetWhat, meAsWho } from "#/parts/question";
import { useText } from "#/text/messages";
import { policies } from "./messages";
import styles from "./Policies.module.css";
import type { PolicyQuestion } from "./view";

const PEOPLE = 500;
const SUGGESTIONS = 8;
const BY_ACT: Suggestion[] = ALL_ACTS.map((id) => ({ id }));

/** People and programs, as far as whoever asks may see them. */
function useWho(isWanted: boolean): Suggestion[] {
  const text = useText(policies);
  const me = useMe();
  const users = useQuery({ ...ask("GET /api/v1/users", { query: { limit: PEOPLE } }), enabled: useCould("user:read") && isWanted, retry: false });
  const services = useQuery({ ...ask("GET /api/v1/service-accounts", { query: { limit: PEOPLE } }), enabled: useCould("service_account:read") && isWanted, retry: false });
  const own = { id: meAsWho(me), hint: text.you };
  const others = [
    ...(users.data?.items ?? []).map((one) => ({ id: `user:${one.name}`, ...(one.displayName == null ? {} : { hint: one.displayName }) })),
    ...(services.data?.items ?? []).map((one) => ({ id: `service:${one.name}` })),
    { id: "anonymous", hint: text.anonymousHint },
  ];
  return [own, ...others.filter((one) => one.id !== own.id)];
}

/** Datasets of the catalog by what is typed; their address is what is put into the field. */
function useWhat(typed: string, kind: string): Suggestion[] {
  const text = useText(policies);
  const words = typed.trim();
  const isFree = words !== "" && datasetOf(words) === null && !/[:\s]/.test(words);
  const { data } = useQuery({ ...ask("GET /api/v1/catalog/suggest", { query: { q: words, limit: SUGGESTIONS } }), enabled: isFree, placeholderData: keepPreviousData, retry: false });
  const datasets = (isFree ? (data ?? []) : []).filter((one) => one.kind === "dataset" && one.namespace != null);
  const examples = kind === "" ? [] : [
    { id: kind, hint: text.anyOfKind },
    ...(["dataset", "job"].includes(kind) ? [{ id: `${kind} tag:restricted`, hint: text.withTag }, { id: `${kind} class:user.contact.email`, hint: text.withClass }] : []),
  ];
  return [...datasets.map((one) => ({ id: datasetWhat(one.namespace ?? "", one.text), label: one.text, hint: one.namespace ?? "" })), ...(words === "" || words.startsWith(kind) ? examples : [])];
}

/** A moment as the field for it writes it, in the reader's own zone. */
function localTime(at: string): string {
  if (at === "") return "";
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The sentence. */
export function Sentence({ view, onAsk }: { view: PolicyQuestion; onAsk: (view: PolicyQuestion) => void }): JSX.Element {
  const text = useText(policies);
  const me = useMe();
  const [who, setWho] = useState(view.who);
  const [act, setAct] = useState(view.do);
  const [what, setWhat] = useState(view.what);
  const [purpose, setPurpose] = useState(view.purpose);
  const [at, setAt] = useState(localTime(view.at));
  const [isTried, setTried] = useState(false);
  const [isTouched, setTouched] = useState(false);
  const dataset = datasetOf(what);
  const fault = isTried && !ALL_ACTS.includes(act.trim()) ? text.unknownAct : undefined;
  const ask_ = (): void => {
    setTried(true);
    if (!ALL_ACTS.includes(act.trim())) return;
    const whoever = who.trim() === meAsWho(me) ? "" : who.trim();
    onAsk({ who: whoever, do: act.trim(), what: what.trim(), purpose: purpose.trim(), at: at === "" ? "" : new Date(at).toISOString(), whoCan: "" });
  };
  return (
    <form className={styles["sentence"]} onSubmit={(event) => { event.preventDefault(); ask_(); }} aria-label={text.testTitle}>
      <span className={styles["word"]}>{text.can}</span>
      <ComboField label={text.who} value={who} onChange={setWho} suggestions={useWho(isTouched)} isFiltered placeholder={text.you} mono onFocus={() => { setTouched(true); }} />
      <ComboField label={text.do} value={act} onChange={setAct} suggestions={BY_ACT} isFiltered placeholder={text.doPlaceholder} mono error={fault} />
      <span className={styles["word"]}>{text.on}</span>
      <ComboField label={text.what} value={what} onChange={setWhat} suggestions={useWhat(what, act.split(":")[0] ?? "")} placeholder={text.whatPlaceholder(act.split(":")[0] ?? "")} mono {...(dataset === null ? {} : { description: `${dataset.name} · ${dataset.namespace}` })} />
      <span className={styles["word"]}>{text.for}</span>
      <TextField label={text.purpose} value={purpose} onChange={setPurpose} placeholder={text.purposePlaceholder} />
      <TextField label={text.at} type="datetime-local" value={at} onChange={setAt} />
      <Button type="submit" variant="primary">{text.ask}</Button>
      <p className={styles["words"]}>{text.words}</p>
    </form>
  );
}
