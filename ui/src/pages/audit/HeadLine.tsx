// One line about the log's head: whether it holds, how large the log is, and when that was checked here.
import type { JSX } from "react";
import { CopyButton, When } from "#/design/Bits";
import { Chip } from "#/design/Chip";
import { Banner } from "#/design/State";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import { toBase64 } from "#/tlog";
import styles from "./Audit.module.css";
import { FaultText } from "./FaultText";
import { type HeadState, useHead } from "./head";
import { audit } from "./messages";

const ROOT_SHOWN = 12;

/** The line. Says nothing where the head cannot be asked for: the page itself says why. */
export function HeadLine(): JSX.Element | null {
  const text = useText(audit);
  const { data } = useHead();
  if (data === undefined) return null;
  return (
    <>
      {data.alarm !== null && <Banner tone="danger">{text.serverAlarm} {data.alarm}</Banner>}
      {data.fault !== null && <Banner tone={data.fault.code === "no-crypto" ? "warn" : "danger"}>{text.headFault} <FaultText fault={data.fault} /></Banner>}
      <Line state={data} />
    </>
  );
}

function Line({ state: { head, key, verdict, kept, fault, size, checkedAt } }: { state: HeadState }): JSX.Element {
  const text = useText(audit);
  const format = useFormat();
  const holds = head !== null && (verdict === "first" || verdict === "same" || verdict === "grown");
  const meaning = verdict === "grown" ? text.grown(format.number(kept?.size ?? 0)) : verdict === "first" ? text.first : verdict === "same" ? text.same : "";
  return (
    <div className={styles["headline"]}>
      {holds && <Chip tone="ok" title={meaning}>{text.intact}</Chip>}
      {head === null && fault === null && <Chip tone="warn">{key === null ? text.unsigned : text.headNone}</Chip>}
      {(fault !== null || verdict === "rolled-back" || verdict === "forked") && <Chip tone="danger">{text.refused}</Chip>}
      <span>{text.headLine(format.number(head?.size ?? size))}</span>
      {head !== null && <span title={toBase64(head.root)}>{text.head} <code>{toBase64(head.root).slice(0, ROOT_SHOWN)}</code></span>}
      {holds && <span>{meaning}</span>}
      {head !== null && <span>{text.checkedHere("")}<When at={new Date(checkedAt).toISOString()} /></span>}
      {key !== null && <span className={styles["copyable"]}>{text.keyOf} <code>{key.id}</code><CopyButton text={key.text} label={text.copyKey} /></span>}
    </div>
  );
}
