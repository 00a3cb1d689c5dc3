// How good the data is, as pipelines say: assertions and statistics out of facets, and how much each run wrote.
import { BadgeCheck } from "lucide-react";
import type { JSX } from "react";
import { Chip } from "#/design/Chip";
import { DataTable } from "#/design/DataTable";
import { Card, Facts } from "#/design/Page";
import { Empty } from "#/design/State";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import type { TabProps } from "./dataset";
import styles from "./Dataset.module.css";
import { datasets } from "./messages";
import { type Assertion, assertionsOf, type Metrics, metricsOf } from "./quality";
import { WrittenRows } from "./WrittenRows";

/** The tab. */
export function QualityTab({ dataset }: TabProps): JSX.Element {
  const text = useText(datasets);
  const assertions = assertionsOf(dataset.facets);
  const metrics = metricsOf(dataset.facets);
  return (
    <div className={styles["stack"]}>
      {assertions.length > 0 && <Assertions list={assertions} />}
      {metrics && <Statistics metrics={metrics} />}
      <WrittenRows dataset={dataset} />
      {assertions.length === 0 && !metrics && <Empty title={text.noQuality} icon={BadgeCheck}><p>{text.noQualityWhy}</p></Empty>}
    </div>
  );
}

function Assertions({ list }: { list: readonly Assertion[] }): JSX.Element {
  const text = useText(datasets);
  const failed = list.filter((one) => !one.isMet).length;
  const state = (one: Assertion): JSX.Element => {
    if (one.isMet) return <Chip tone="ok">{text.met}</Chip>;
    return <Chip tone={one.severity === "warn" ? "warn" : "danger"}>{text.notMet}</Chip>;
  };
  const rows = [...list].sort((a, b) => Number(a.isMet) - Number(b.isMet)).map((one, place) => ({ ...one, id: String(place) }));
  return (
    <Card title={text.assertions} isFlush actions={<span className={styles["subtle"]}>{text.metOf(list.length - failed, list.length)}</span>}>
      <DataTable
        isFlush label={text.assertions} rows={rows} idOf={(one) => one.id}
        columns={[
          { id: "assertion", header: text.assertion, cell: (one) => <code>{one.assertion}</code>, isRowHeader: true },
          { id: "column", header: text.column, cell: (one) => (one.column === "" ? text.wholeDataset : one.column) },
          { id: "state", header: text.state, cell: state },
          { id: "severity", header: text.severity, cell: (one) => one.severity },
        ]}
      />
    </Card>
  );
}

function Statistics({ metrics }: { metrics: Metrics }): JSX.Element {
  const text = useText(datasets);
  const format = useFormat();
  const names = [...new Set(metrics.columns.flatMap((one) => Object.keys(one.values)))];
  const whole = Object.entries(metrics.whole).map(([name, value]) => ({ name, value: name === "bytes" ? format.bytes(value) : format.number(value) }));
  return (
    <Card title={text.statistics} isFlush={metrics.columns.length > 0}>
      {whole.length > 0 && <div className={metrics.columns.length > 0 ? styles["padded"] : undefined}><Facts facts={whole} /></div>}
      {metrics.columns.length > 0 && (
        <DataTable
          isFlush label={text.statistics} rows={metrics.columns} idOf={(one) => one.column}
          columns={[
            { id: "column", header: text.column, cell: (one) => <code>{one.column}</code>, isRowHeader: true },
            ...names.map((name) => ({ id: name, header: name, isNumber: true, cell: (one: Metrics["columns"][number]) => (one.values[name] === undefined ? "" : format.number(one.values[name])) })),
          ]}
        />
      )}
    </Card>
  );
}
