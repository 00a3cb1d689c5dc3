// The schemas that the dataset had, any two of them compared; and what people changed.
import { useQuery } from "@tanstack/react-query";
import { Minus, PencilLine, Plus, Replace } from "lucide-react";
import { type JSX, useState } from "react";
import { type Api, ask } from "#/api";
import { When } from "#/design/Bits";
import { Button } from "#/design/Button";
import { classes } from "#/design/classes";
import { Card } from "#/design/Page";
import { SelectField } from "#/design/Select";
import { Empty } from "#/design/State";
import { Loaded } from "#/parts/Loaded";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import { type TabProps, useDatasetView } from "./dataset";
import styles from "./Dataset.module.css";
import { History } from "./History";
import { datasets } from "./messages";
import { isReordered, type SchemaChange, schemaDiff } from "./schema_diff";

/** The tab. */
export function VersionsTab({ dataset }: TabProps): JSX.Element {
  const query = useQuery(ask("GET /api/v1/datasets/{id}/schemas", { path: { id: dataset.id } }));
  return (
    <div className={styles["stack"]}>
      <Loaded query={query}>{(page) => <Schemas list={page.items} />}</Loaded>
      <History dataset={dataset} />
    </div>
  );
}

function Schemas({ list }: { list: readonly Api.SchemaEntry[] }): JSX.Element {
  const text = useText(datasets);
  const [view, show] = useDatasetView();
  const shown = list.find((one) => one.first === view.version) ?? list[0];
  if (shown === undefined) return <Empty title={text.noSchemas}><p>{text.noColumnsWhy}</p></Empty>;
  const before = list.find((one) => one.first === view.against) ?? list[list.indexOf(shown) + 1];
  return (
    <div className={styles["versions"]}>
      <Card title={text.schemas(list.length)} isFlush>
        <ol className={styles["versionList"]}>
          {list.map((one) => (
            <li key={one.first}>
              <button type="button" className={classes(styles["version"], one === shown && styles["chosen"])} aria-pressed={one === shown} onClick={() => { show({ version: one === list[0] ? "" : one.first, against: "" }); }}>
                <span><When at={one.first} isExact /></span>
                <span className={styles["subtle"]}>{text.columnCount(one.columns.length)} · {one === list.at(-1) ? text.firstSchema : text.changes(one.changes.length)}</span>
                <span className={styles["subtle"]}>{text.lastSeen} <When at={one.last} /></span>
              </button>
            </li>
          ))}
        </ol>
      </Card>
      {before ? <Compared shown={shown} before={before} list={list} /> : <First key={shown.first} columns={shown.columns} />}
    </div>
  );
}

/** How many lines are drawn at first, and how many more each time: a schema may have thousands of columns. */
const LINES_STEP = 200;

/** The first of a list's lines, and the way to more. */
function useLines<T>(all: readonly T[]): [readonly T[], JSX.Element | null] {
  const text = useText(datasets);
  const [shown, setShown] = useState(LINES_STEP);
  const more = <p className={styles["none"]}><Button variant="quiet" onPress={() => { setShown(shown * 5); }}>{text.moreOf(all.length - shown)}</Button></p>;
  return [all.slice(0, shown), all.length > shown ? more : null];
}

function First({ columns }: { columns: Api.SchemaEntry["columns"] }): JSX.Element {
  const text = useText(datasets);
  const [lines, more] = useLines(columns);
  return (
    <Card title={text.firstSchema} isFlush>
      <ul>{lines.map((column) => <li key={column.name} className={styles["row"]}><code>{column.name}</code><span className={styles["subtle"]}>{column.type}</span></li>)}</ul>
      {more}
    </Card>
  );
}

function Compared({ shown, before, list }: { shown: Api.SchemaEntry; before: Api.SchemaEntry; list: readonly Api.SchemaEntry[] }): JSX.Element {
  const text = useText(datasets);
  const format = useFormat();
  const [, show] = useDatasetView();
  const changes = schemaDiff(before.columns, shown.columns);
  const [lines, more] = useLines(changes);
  const options = list.filter((one) => one !== shown).map((one) => ({ id: one.first, label: format.dateTime(one.first) }));
  return (
    <Card title={text.comparison} isFlush actions={<SelectField label={text.comparedWith} inline value={before.first} options={options} onChange={(against) => { show({ against }); }} />}>
      {changes.length === 0 && <p className={styles["none"]}>{isReordered(before.columns, shown.columns) ? text.reordered : text.noDifference}</p>}
      <ul>{lines.map((change) => <li key={`${change.change} ${change.column}`} className={styles["diff"]}><Difference change={change} /></li>)}</ul>
      {more}
    </Card>
  );
}

const ICONS = { added: Plus, removed: Minus, retyped: Replace, described: PencilLine };

function Difference({ change }: { change: SchemaChange }): JSX.Element {
  const text = useText(datasets);
  const Icon = ICONS[change.change];
  return (
    <>
      <span className={classes(styles["mark"], styles[change.change])}><Icon size={12} aria-hidden />{text[`is_${change.change}`]}</span>
      <code className={styles["diffName"]}>{change.column}</code>
      {"type" in change ? <span className={styles["subtle"]}>{change.type}</span> : <span><del>{change.before || text.nothing}</del> → <ins>{change.after || text.nothing}</ins></span>}
    </>
  );
}
