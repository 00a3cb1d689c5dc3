// The table of columns. A plain table; of thousands of rows only those that are seen are drawn, and the table says how many
// there are.
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import type { Api } from "#/api";
import { classes } from "#/design/classes";
import { useRows } from "#/design/use_rows";
import { Tags } from "#/parts/Tags";
import { splitTags } from "#/parts/personal_data";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import type { Ends } from "./column_lineage";
import type { Dataset } from "./dataset";
import { datasets } from "./messages";
import styles from "./Schema.module.css";

interface ColumnTableProps {
  dataset: Dataset;
  rows: readonly { column: Api.Column; place: number }[];
  /** What is known of their lineage; null as long as nothing is. */
  ends: Ends | null;
  /** The name of the one that is open. */
  open: string;
  onOpen: (column: string) => void;
}

/** The table. */
export function ColumnTable({ dataset, rows, ends, open, onOpen }: ColumnTableProps): JSX.Element {
  const text = useText(datasets);
  const { box, first, end, above, below } = useRows<HTMLDivElement>(rows.length);
  return (
    // A box that scrolls must be reachable by keyboard (WCAG 2.1.1).
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div ref={box} className={styles["scroll"]} role="region" aria-label={text.columns} tabIndex={0}>
      <table className={styles["table"]} aria-rowcount={rows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" className={styles["place"]}>#</th>
            <th scope="col" className={styles["column"]}>{text.column}</th>
            <th scope="col" className={styles["typeHead"]}>{text.type}</th>
            <th scope="col" className={styles["classHead"]}>{text.classWord}</th>
            <th scope="col" className={classes(styles["wide"], styles["tagHead"])}>{text.tags}</th>
            <th scope="col" className={styles["wide"]}>{text.description}</th>
            <th scope="col" className={styles["number"]}>{text.lineage}</th>
          </tr>
        </thead>
        <tbody>
          {above > 0 && <tr aria-hidden><td style={{ height: above }} /></tr>}
          {rows.slice(first, end).map(({ column, place }, at) => (
            <tr key={column.name} aria-rowindex={first + at + 2} className={classes(styles["row"], column.name === open && styles["open"])}>
              <td className={styles["place"]}>{place}</td>
              <th scope="row"><button type="button" className={styles["name"]} title={column.name} aria-expanded={column.name === open} onClick={() => { onOpen(column.name); }}>{column.name}</button></th>
              <td className={styles["type"]} title={column.type ?? ""}>{column.type ?? ""}</td>
              <td className={styles["chips"]}><Tags tags={column.tags} onlyPersonal max={2} /></td>
              <td className={classes(styles["chips"], styles["wide"])}><Tags tags={splitTags(column.tags).others} max={2} /></td>
              <td className={classes(styles["about"], styles["wide"])} title={column.description ?? ""}>{column.description ?? ""}</td>
              <td className={styles["number"]}>{ends && <Ends_ dataset={dataset} column={column.name} ends={ends} />}</td>
            </tr>
          ))}
          {below > 0 && <tr aria-hidden><td style={{ height: below }} /></tr>}
        </tbody>
      </table>
    </div>
  );
}

function Ends_({ dataset, column, ends }: { dataset: Dataset; column: string; ends: Ends }): JSX.Element | null {
  const text = useText(datasets);
  const format = useFormat();
  const found = ends.get(column);
  if (!found) return null;
  const { namespace, name } = dataset;
  const count = `${format.number(found.up.length)} → ${format.number(found.down.length)}`;
  return (
    <Link to="/lineage/$kind/$namespace/$name" params={{ kind: "dataset", namespace, name }} search={{ level: "column", col: column }} className={styles["ends"]} aria-label={text.traceColumn(column, count)} title={text.traceColumn(column, count)}>{count}</Link>
  );
}
