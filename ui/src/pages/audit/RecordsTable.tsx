// The records as a table: all columns where there is room, one stacked column on a phone.
import { CircleCheck, CircleX } from "lucide-react";
import { type JSX, useSyncExternalStore } from "react";
import type { Api } from "#/api";
import { When } from "#/design/Bits";
import { type DataColumn, DataTable } from "#/design/DataTable";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import styles from "./Audit.module.css";
import { Actor, OutcomeChip, Resource } from "./Bits";
import { audit } from "./messages";
import type { Names } from "./names";
import type { Proven } from "./proven";
import { readRecord, type RecordView } from "./record";

const NARROW = "(max-width: 900px)";
const watchWidth = (listener: () => void): (() => void) => {
  const query = window.matchMedia(NARROW);
  query.addEventListener("change", listener);
  return () => { query.removeEventListener("change", listener); };
};

/** Whether there is room for one column only. */
function useIsNarrow(): boolean {
  return useSyncExternalStore(watchWidth, () => window.matchMedia(NARROW).matches);
}

/** The table. */
export function RecordsTable({ entries, names, proven, onOpen }: { entries: readonly Api.AuditEntry[]; names: Names; proven: Proven; onOpen: (id: string) => void }): JSX.Element {
  const text = useText(audit);
  const format = useFormat();
  const isNarrow = useIsNarrow();
  const place = (row: RecordView): JSX.Element => <span className={styles["place"]}><span className={styles["faint"]}>#{format.number(row.index)}</span><ProvenMark state={proven.get(row.id)} /></span>;
  const wide: DataColumn<RecordView>[] = [
    { id: "at", header: text.when, cell: (row) => <When at={row.at} isExact /> },
    { id: "actor", header: text.actor, cell: (row) => <Actor actor={row.actor} names={names} /> },
    { id: "action", header: text.action, isRowHeader: true, cell: (row) => <code className={styles["nowrap"]}>{row.action}</code> },
    { id: "resource", header: text.about, cell: (row) => <Resource resource={row.resource} names={names} /> },
    { id: "purpose", header: text.purpose, cell: (row) => row.purpose },
    { id: "outcome", header: text.outcome, cell: (row) => <OutcomeChip outcome={row.outcome} /> },
    { id: "index", header: text.proof, isNumber: true, cell: place },
  ];
  const narrow: DataColumn<RecordView>[] = [
    { id: "what", header: text.what, isRowHeader: true, cell: (row) => (
      <span className={styles["stack"]}>
        <span className={styles["inline"]}><code>{row.action}</code><OutcomeChip outcome={row.outcome} /></span>
        <Resource resource={row.resource} names={names} />
        <span className={styles["inline"]}><Actor actor={row.actor} names={names} /><span className={styles["faint"]}><When at={row.at} isExact /></span>{place(row)}</span>
      </span>
    ) },
  ];
  return <DataTable label={text.records} rows={entries.map(readRecord)} columns={isNarrow ? narrow : wide} idOf={(row) => row.id} onOpen={(row) => { onOpen(row.id); }} />;
}

function ProvenMark({ state }: { state: boolean | undefined }): JSX.Element | null {
  const text = useText(audit);
  if (state === undefined) return null;
  const Icon = state ? CircleCheck : CircleX;
  return <span className={state ? styles["proven"] : styles["unproven"]} role="img" aria-label={state ? text.proven : text.unproven}><Icon size={14} aria-hidden /></span>;
}
