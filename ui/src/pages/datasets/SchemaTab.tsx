// The columns: filtered, sorted, however many there are; one of them open beside.
import type { JSX } from "react";
import { Button } from "#/design/Button";
import { Checkbox, SearchField } from "#/design/Field";
import { SelectField } from "#/design/Select";
import { Banner, Empty } from "#/design/State";
import { useText } from "#/text/messages";
import { endsOf } from "./column_lineage";
import { ColumnPanel } from "./ColumnPanel";
import { shownColumns } from "./columns";
import { ColumnTable } from "./ColumnTable";
import { type TabProps, useColumnNeighbours, useDatasetView, useNeighbours } from "./dataset";
import { datasets } from "./messages";
import styles from "./Schema.module.css";

/** The tab. */
export function SchemaTab({ dataset }: TabProps): JSX.Element {
  const text = useText(datasets);
  const [view, show] = useDatasetView();
  const lineage = useNeighbours(dataset, "column");
  // Of thousands of columns the answer holds not all: then the one that is open is asked for alone.
  const isCut = lineage.data?.truncated.nodes === true;
  const ends = lineage.data ? endsOf(lineage.data, dataset.id) : null;
  const own = useColumnNeighbours(dataset, view.column, isCut && view.column !== "");
  if (dataset.columns.length === 0) return <Empty title={text.noColumns}><p>{text.noColumnsWhy}</p></Empty>;
  const rows = shownColumns(dataset.columns, view);
  const open = dataset.columns.find((column) => column.name === view.column);
  const clear = (): void => { show({ find: "", personal: false }); };
  return (
    <div className={styles["schema"]}>
      <div className={styles["bar"]}>
        <SearchField label={text.filterColumns} clear={text.clearFilter} value={view.find} onChange={(find) => { show({ find }, { replace: true }); }} />
        <Checkbox isSelected={view.personal} onChange={(personal) => { show({ personal }); }}>{text.onlyPersonal}</Checkbox>
        <span className={styles["count"]} role="status">{rows.length === dataset.columns.length ? text.columnCount(rows.length) : text.columnsOf(rows.length, dataset.columns.length)}</span>
        <SelectField label={text.sort} inline value={view.order} options={(["position", "name", "type"] as const).map((id) => ({ id, label: text[`by_${id}`] }))} onChange={(order) => { show({ order }); }} />
      </div>
      {isCut && <Banner>{text.endsCut}</Banner>}
      <div className={open ? styles["split"] : styles["whole"]}>
        {rows.length === 0
          ? <Empty title={text.noColumnFits} actions={<Button onPress={clear}>{text.clearFilter}</Button>}><p>{text.noColumnFitsWhy}</p></Empty>
          : <ColumnTable dataset={dataset} rows={rows} ends={ends} open={view.column} onOpen={(column) => { show({ column: column === view.column ? "" : column }); }} />}
        {open && <ColumnPanel key={open.name} dataset={dataset} column={open} lineage={isCut ? own : lineage} onClose={() => { show({ column: "" }); }} />}
      </div>
    </div>
  );
}
