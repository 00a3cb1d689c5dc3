// Readers as a table, nearest first.
import type { JSX } from "react";
import type { Api } from "#/api";
import { When } from "#/design/Bits";
import { Chip } from "#/design/Chip";
import { Cut } from "#/design/Cut";
import { type DataColumn, DataTable } from "#/design/DataTable";
import { EntityLink } from "#/parts/LinkButton";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import styles from "./Audit.module.css";
import { audit } from "./messages";
import { shortRef } from "./names";

const COLUMNS_SHOWN = 4;

/** The table. `isNamed`: names were asked for; then one that is missing was destroyed. */
export function ReadersTable({ readers, isNamed }: { readers: readonly Api.ReaderEntry[]; isNamed: boolean }): JSX.Element {
  const text = useText(audit);
  const format = useFormat();
  const columns: DataColumn<Api.ReaderEntry>[] = [
    { id: "reader", header: text.reader, isRowHeader: true, cell: ({ actor }) => <Reader actor={actor} isNamed={isNamed} /> },
    { id: "dataset", header: text.of, cell: ({ dataset }) => <EntityLink kind="dataset" namespace={dataset.namespace} name={dataset.name} className={styles["entity"]}><Cut text={dataset.name} /></EntityLink> },
    { id: "hops", header: text.hops, isNumber: true, cell: ({ hops }) => (hops === 0 ? text.itself : format.number(hops)) },
    { id: "via", header: text.via, cell: ({ via }) => via && <EntityLink kind="dataset" namespace={via.namespace} name={via.name} className={styles["entity"]}><Cut text={via.name} /></EntityLink> },
    { id: "columns", header: text.columns, cell: (row) => <Columns row={row} /> },
    { id: "count", header: text.count, isNumber: true, cell: ({ count }) => format.number(count) },
    { id: "first", header: text.firstSeen, cell: ({ first }) => <When at={first} isExact /> },
    { id: "last", header: text.lastSeen, cell: ({ last }) => <When at={last} isExact /> },
  ];
  return <DataTable label={text.readers} rows={readers} columns={columns} idOf={(row) => `${row.actor.ref} ${row.datasetId} ${row.dataset.namespace} ${row.dataset.name}`} />;
}

function Reader({ actor, isNamed }: { actor: Api.ActorEntry; isNamed: boolean }): JSX.Element {
  const text = useText(audit);
  if (actor.name != null) return <Chip tone="pii">{actor.name}</Chip>;
  return (
    <span className={styles["inline"]}>
      <span className={styles["ref"]} title={actor.ref}>{shortRef(actor.ref)}</span>
      {isNamed && <Chip tone="warn">{text.nameGone}</Chip>}
    </span>
  );
}

function Columns({ row: { columns, moreColumns } }: { row: Api.ReaderEntry }): JSX.Element {
  const text = useText(audit);
  const shown = columns.slice(0, COLUMNS_SHOWN);
  return <span className={styles["nowrap"]} title={columns.join(", ")}>{shown.join(", ")}{(moreColumns || columns.length > shown.length) && ` ${text.moreColumns}`}</span>;
}
