// What the audit log says of changes: for those who may read it but not the events. It tells who, when and how it ended, not what.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { type Api, ask, type Problem } from "#/api";
import { When } from "#/design/Bits";
import { Chip } from "#/design/Chip";
import { Skeleton } from "#/design/State";
import { ProblemPanel } from "#/parts/ProblemPanel";
import { useText } from "#/text/messages";
import type { Dataset } from "./dataset";
import styles from "./Dataset.module.css";
import { datasets } from "./messages";

const RECORDS = 50;
const TONES = { done: "ok", allowed: "ok", denied: "warn", failed: "danger" } as const;

/** The records; `refused` is shown if they may not be read either. */
export function AuditHistory({ dataset, refused }: { dataset: Dataset; refused: Problem }): JSX.Element {
  const text = useText(datasets);
  const query = useQuery(ask("GET /api/v1/audit/records", { query: { resource: dataset.id, limit: RECORDS } }));
  if (query.isPending) return <Skeleton lines={3} />;
  if (query.error) return <ProblemPanel problem={refused} />;
  if (query.data.items.length === 0) return <p className={styles["none"]}>{text.noHistory}</p>;
  return (
    <>
      <p className={styles["none"]}>{text.onlyAudit}</p>
      <ul>{query.data.items.map((entry) => <li key={entry.index} className={styles["entry"]}><Entry record={entry.record} /></li>)}</ul>
    </>
  );
}

function Entry({ record }: Pick<Api.AuditEntry, "record">): JSX.Element {
  const text = useText(datasets);
  const word = (name: string): string => (typeof record[name] === "string" ? record[name] : "");
  const { actor } = record;
  const ref = typeof actor === "object" && actor !== null && "ref" in actor && typeof actor.ref === "string" ? actor.ref : "";
  const outcome = word("outcome");
  return (
    <div className={styles["entryHead"]}>
      <Chip tone={outcome in TONES ? TONES[outcome as keyof typeof TONES] : "plain"}>{outcome}</Chip>
      <Link to="/audit/records/$id" params={{ id: word("id") }}>{word("action")}</Link>
      <span title={ref}>{text.actor(ref.slice(-8))}</span>
      <When at={word("ts")} />
    </div>
  );
}
