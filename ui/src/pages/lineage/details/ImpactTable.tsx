// The impact table: the same graph as rows, to be sorted, chosen from and taken along. What screen readers and phones get.
import { type JSX, useMemo, useState } from "react";
import { Copy, Download } from "lucide-react";
import { Button } from "#/design/Button";
import { Chip } from "#/design/Chip";
import { Cut } from "#/design/Cut";
import { type DataColumn, DataTable, type Sort } from "#/design/DataTable";
import { toast } from "#/design/Toasts";
import { useText } from "#/text/messages";
import type { Actions } from "../actions";
import type { Focus, Tagged } from "../answers";
import { download } from "./download";
import styles from "../Explorer.module.css";
import { lineage } from "../messages";
import { details } from "./messages";
import { walker } from "../model/closure";
import type { Graph } from "../model/graph";
import { csv, type Row, rowsOf } from "./rows";
import { nameOf, shortNamespace } from "../said";
import { Segments } from "../Segments";

/** Rows above which only those in view are made. */
const VIRTUAL_ABOVE = 100;
const VIRTUAL_HEIGHT = 640;
/** Rows handed to the table at once: it takes note of each, seen or not. Sorting and files are of all of them. */
const ROWS_STEP = 2_000;

interface ImpactTableProps {
  graph: Graph;
  focus: Focus;
  actions: Actions;
  tagged: Tagged | undefined;
  selected: string;
}

/** The table. */
export default function ImpactTable({ graph, focus, actions, tagged }: ImpactTableProps): JSX.Element {
  const text = useText(lineage);
  const own = useText(details);
  const [way, setWay] = useState<"both" | "up" | "down">("both");
  const [sort, setSort] = useState<Sort>({ column: "hops", direction: "ascending" });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [most, setMost] = useState(ROWS_STEP);
  const all = useMemo(() => rowsOf(graph, walker(graph)), [graph]);
  const nodeName = (place: number): string => { const node = graph.nodes[place]; return node ? nameOf(text, node) : ""; };
  const cells: Record<string, (row: Row) => string | number> = {
    name: (row) => nodeName(row.place), kind: (row) => (row.node.kind === "group" ? text.groupKind : row.node.kind === "hidden" ? text.hiddenKind : text[row.node.kind]), hops: (row) => row.node.hops,
    carry: (row) => (row.carry === null ? "" : text[row.carry]), via: (row) => row.via.map(nodeName).join(" → "), jobs: (row) => row.jobs.join(", "), columns: (row) => row.node.fields.length, namespace: (row) => row.node.namespace,
    change: (row) => (row.node.change === null ? "" : text[row.node.change]),
  };
  const rows = all.filter((row) => way === "both" || (way === "up" ? row.node.hops < 0 : row.node.hops > 0)).sort((a, b) => compare(cells[sort.column]?.(a), cells[sort.column]?.(b)) * (sort.direction === "ascending" ? 1 : -1));
  const taken = chosen.size > 0 ? rows.filter((row) => chosen.has(row.node.id)) : rows;
  const plain = (id: string, header: string, more: Partial<DataColumn<Row>> = {}): DataColumn<Row> => ({ id, header, isSortable: true, cell: (row) => <span className={styles["word"]}>{cells[id]?.(row) ?? ""}</span>, ...more });
  const hasFields = graph.nodes.some((node) => node.fields.length > 0);
  const columns: DataColumn<Row>[] = [
    plain("name", text.name, { isRowHeader: true, width: "3fr", minWidth: 200, cell: (row) => (
      <span className={styles["rowName"]}><Cut text={nodeName(row.place)} tail={24} />{tagged?.ids.has(row.node.id) && <Chip tone="pii">{text.overlay}</Chip>}<span className={styles["rowNamespace"]}>{shortNamespace(row.node.namespace)}</span></span>
    ) }),
    plain("hops", own.hopsHead, { isNumber: true, width: 88 }),
    plain("kind", text.kind, { width: 100 }),
    ...(graph.nodes.some((node) => node.change !== null) ? [plain("change", text.change, { width: 130 })] : []),
    plain("carry", own.carry, { width: 140 }),
    ...(hasFields ? [plain("columns", own.columnsHead, { width: "2fr", cell: (row) => row.node.fields.map((field) => field.name).join(", ") })] : []),
    plain("via", own.via, { width: "3fr", cell: (row) => <span className={styles["rowVia"]}><Cut text={row.via.map((place) => nodeName(place).split("/").at(-1)).join(" → ")} tail={32} /></span> }),
    plain("jobs", text.over, { width: "2fr", cell: (row) => <span className={styles["rowVia"]}><Cut text={row.jobs.join(", ")} tail={20} /></span> }),
  ];
  const takeCsv = (): void => {
    const ids = ["namespace", "name", "kind", "hops", "carry", "via", "jobs", "change"];
    const lines = taken.map((row) => [...ids.map((id) => cells[id]?.(row) ?? ""), row.node.fields.map((field) => field.name).join(" ")]);
    download(`impact-${focus.name.replaceAll(/[^\w.-]+/g, "_").slice(-80)}.csv`, new Blob([csv([[...ids, "columns"], ...lines])], { type: "text/csv" }));
  };
  const copyNames = (): void => { void navigator.clipboard.writeText(taken.map((row) => `${row.node.namespace} ${nodeName(row.place)}`).join("\n")).then(() => { toast(text.exported); }); };
  return (
    <div className={styles["tableBox"]}>
      <div className={styles["tableBar"]}>
        <Segments label={own.direction} value={way} options={[{ id: "both", label: own.bothWays }, { id: "up", label: own.onlyUp }, { id: "down", label: own.onlyDown }]} onChange={setWay} />
        <span role="status">{chosen.size > 0 ? own.chosen(taken.length) : own.nodes(rows.length)}</span>
        <Button icon={Download} onPress={takeCsv}>{own.rowsCsv}</Button>
        <Button icon={Copy} onPress={copyNames}>{own.copyNames}</Button>
      </div>
      <DataTable
        label={`${text.rows}: ${focus.name}`} rows={rows.slice(0, most)} columns={columns} idOf={(row) => row.node.id} sort={sort} onSort={setSort} selected={chosen} onSelect={setChosen}
        onOpen={(row) => { actions.select(row.node, null); }} empty={own.tableEmpty} {...(rows.length > VIRTUAL_ABOVE ? { virtualHeight: VIRTUAL_HEIGHT } : {})}
      />
      {rows.length > most && <Button onPress={() => { setMost(most + ROWS_STEP); }}>{text.loadMore(Math.min(ROWS_STEP, rows.length - most))}</Button>}
    </div>
  );
}

function compare(a: string | number | undefined, b: string | number | undefined): number {
  return typeof a === "number" && typeof b === "number" ? Math.abs(a) - Math.abs(b) || a - b : String(a).localeCompare(String(b));
}
