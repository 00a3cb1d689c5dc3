// Tables of data: arrows move, Enter opens a row, long ones draw only what is seen; on a phone rows are cards. Lives in a chunk
// of its own with the pages that use it.
import { ArrowDown, ArrowUp } from "lucide-react";
import type { JSX, ReactNode } from "react";
import * as Aria from "react-aria-components";
import { classes } from "./classes";
import styles from "./DataTable.module.css";

/** A column. */
export interface DataColumn<R> {
  id: string;
  header: string;
  cell: (row: R) => ReactNode;
  /** Names the row to screen readers; one column must. */
  isRowHeader?: boolean;
  isNumber?: boolean;
  isSortable?: boolean;
  /** Pixels, or a share such as `2fr`. Only in tables that draw what is seen. */
  width?: number | `${number}fr`;
  minWidth?: number;
}

/** How a table is sorted. */
export interface Sort {
  column: string;
  direction: "ascending" | "descending";
}

interface DataTableProps<R> {
  label: string;
  rows: readonly R[];
  columns: readonly DataColumn<R>[];
  idOf: (row: R) => string;
  sort?: Sort | undefined;
  onSort?: (sort: Sort) => void;
  onOpen?: (row: R) => void;
  /** Ids that are chosen. With it, rows can be chosen. */
  selected?: ReadonlySet<string>;
  onSelect?: (ids: ReadonlySet<string>) => void;
  empty?: ReactNode;
  /** Draws only what is seen, in a box of this many pixels: for thousands of rows. */
  virtualHeight?: number;
  /** Without a frame of its own: in a card. */
  isFlush?: boolean;
}

const ROWS = { compact: 28, default: 32, comfortable: 40 };

function rowHeight(): number {
  const density = document.documentElement.dataset["density"] ?? "default";
  return density in ROWS ? ROWS[density as keyof typeof ROWS] : ROWS.default;
}

/** A table. */
export function DataTable<R>(props: DataTableProps<R>): JSX.Element {
  if (props.virtualHeight === undefined) {
    return <div className={classes(styles["scroll"], props.isFlush && styles["flush"])}><Grid {...props} /></div>;
  }
  const heights = { rowHeight: rowHeight(), headingHeight: rowHeight() };
  return (
    <Aria.ResizableTableContainer className={styles["scroll"] ?? ""} style={{ height: props.virtualHeight }}>
      <Aria.Virtualizer layout={Aria.TableLayout} layoutOptions={heights}>
        <Grid {...props} />
      </Aria.Virtualizer>
    </Aria.ResizableTableContainer>
  );
}

function Grid<R>({ label, rows, columns, idOf, sort, onSort, onOpen, selected, onSelect, empty, virtualHeight }: DataTableProps<R>): JSX.Element {
  const byId = new Map(rows.map((row) => [idOf(row), row]));
  const open = (key: Aria.Key): void => {
    const row = byId.get(String(key));
    if (row !== undefined) onOpen?.(row);
  };
  const select = (keys: Aria.Selection): void => {
    onSelect?.(keys === "all" ? new Set(byId.keys()) : new Set([...keys].map(String)));
  };
  return (
    <Aria.Table
      aria-label={label}
      className={classes(styles["table"], styles[virtualHeight === undefined ? "cards" : "virtual"])}
      {...(sort ? { sortDescriptor: sort } : {})}
      {...(onSort ? { onSortChange: (next: Aria.SortDescriptor) => { onSort({ column: String(next.column), direction: next.direction }); } } : {})}
      {...(onOpen ? { onRowAction: open } : {})}
      {...(selected ? { selectionMode: "multiple" as const, selectionBehavior: "toggle" as const, selectedKeys: selected, onSelectionChange: select } : {})}
    >
      <Aria.TableHeader>
        {columns.map((column) => <Head key={column.id} column={column} isVirtual={virtualHeight !== undefined} />)}
      </Aria.TableHeader>
      <Aria.TableBody renderEmptyState={() => <div className={styles["empty"]}>{empty}</div>}>
        {rows.map((row) => (
          <Aria.Row key={idOf(row)} id={idOf(row)} className={classes(styles["row"], onOpen && styles["opens"])}>
            {columns.map((column) => (
              <Aria.Cell key={column.id} data-header={column.isRowHeader ? undefined : column.header} className={classes(styles["cell"], column.isNumber && styles["number"])}>{column.cell(row)}</Aria.Cell>
            ))}
          </Aria.Row>
        ))}
      </Aria.TableBody>
    </Aria.Table>
  );
}

function Head<R>({ column, isVirtual }: { column: DataColumn<R>; isVirtual: boolean }): JSX.Element {
  const sizes = isVirtual ? { width: column.width ?? "1fr", minWidth: column.minWidth ?? 80 } as const : {};
  return (
    <Aria.Column id={column.id} isRowHeader={column.isRowHeader ?? false} allowsSorting={column.isSortable ?? false} className={classes(styles["head"], column.isNumber && styles["number"])} {...sizes}>
      {({ sortDirection }) => (
        <span className={styles["title"]}>
          {column.header}
          {sortDirection === "ascending" && <ArrowUp size={12} aria-hidden />}
          {sortDirection === "descending" && <ArrowDown size={12} aria-hidden />}
        </span>
      )}
    </Aria.Column>
  );
}
