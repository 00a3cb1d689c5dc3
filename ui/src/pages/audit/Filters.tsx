// The filter tokens above the log: each can be taken away.
import type { JSX } from "react";
import { Button } from "#/design/Button";
import { Chip } from "#/design/Chip";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import { AddFilter } from "./AddFilter";
import styles from "./Audit.module.css";
import { type Token, tokensOf } from "./filter";
import { audit } from "./messages";
import { type Names, shortRef } from "./names";
import { auditView, type AuditView } from "./view";

/** How the view is changed; the page begins anew. */
export type Show = (change: Partial<AuditView>) => void;

/** The tokens. */
export function Filters({ view, names, show }: { view: AuditView; names: Names; show: Show }): JSX.Element {
  const text = useText(audit);
  const tokens = tokensOf(view);
  return (
    <div className={styles["filters"]} role="group" aria-label={text.filters}>
      <AddFilter onAdd={({ field, value }) => { show({ [field]: value }); }} />
      <Tokens tokens={tokens} names={names} show={show} />
      {tokens.length > 0 && <Button variant="quiet" onPress={() => { show({ ...auditView.defaults, live: view.live }); }}>{text.clear}</Button>}
    </div>
  );
}

/** Tokens as chips. */
export function Tokens({ tokens, names, show }: { tokens: readonly Token[]; names: Names; show: Show }): JSX.Element {
  const text = useText(audit);
  const format = useFormat();
  const shown = ({ field, value }: Token): string => {
    if (field === "from" || field === "until") return format.dateTime(value);
    if (field === "outcome") return (OUTCOME_WORDS(text))[value] ?? value;
    return names.get(value) ?? shortRef(value);
  };
  return (
    <>
      {tokens.map((token) => (
        <Chip key={token.field} title={token.value} removeLabel={text.remove(`${text[token.field]}: ${shown(token)}`)} onRemove={() => { show({ [token.field]: "" }); }}>
          {text[token.field]}: {shown(token)}
        </Chip>
      ))}
    </>
  );
}

const OUTCOME_WORDS = ({ done, allowed, denied, failed }: Record<"done" | "allowed" | "denied" | "failed", string>): Record<string, string> => ({ done, allowed, denied, failed });
