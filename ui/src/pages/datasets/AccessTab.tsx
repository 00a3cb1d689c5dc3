// Who read it, as the stores told, as far as the asker may know. Readers are references; their names are opened in the access log.
import { useQuery } from "@tanstack/react-query";
import { type JSX, useState } from "react";
import { type Api, ask } from "#/api";
import { serverNow } from "#/base/clock";
import { When } from "#/design/Bits";
import { Chip } from "#/design/Chip";
import { Cut } from "#/design/Cut";
import { DataTable } from "#/design/DataTable";
import { Switch } from "#/design/Field";
import { Card } from "#/design/Page";
import { SelectField } from "#/design/Select";
import { Banner } from "#/design/State";
import { EntityLink, LinkButton } from "#/parts/LinkButton";
import { Loaded } from "#/parts/Loaded";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import { type Dataset, type TabProps, useDatasetView } from "./dataset";
import styles from "./Dataset.module.css";
import { datasets } from "./messages";

const DAY = 86_400_000;
const HOUR = 3_600_000;
const READERS = 100;
const ACCESSES = 50;
const nodeId = ({ namespace, name }: Dataset): string => `dataset:${namespace}:${name}`;

/** The tab. */
export function AccessTab({ dataset }: TabProps): JSX.Element {
  const text = useText(datasets);
  const [view, show] = useDatasetView();
  // To the next full hour, so that the question stays the same while the page is open.
  const [until] = useState(() => Math.ceil(serverNow() / HOUR) * HOUR);
  const from = new Date(until - Number(view.days) * DAY).toISOString();
  const query = useQuery(ask("GET /api/v1/audit/readers", { query: { of: nodeId(dataset), from, to: new Date(until).toISOString(), downstream: view.downstream, limit: READERS } }));
  const spans = (["7", "30", "90", "365"] as const).map((id) => ({ id, label: text.lastDays(Number(id)) }));
  return (
    <div className={styles["stack"]}>
      <div className={styles["bar"]}>
        <SelectField label={text.span} inline value={view.days} options={spans} onChange={(days) => { show({ days }); }} />
        <Switch isSelected={view.downstream} onChange={(downstream) => { show({ downstream }); }}>{text.downstreamToo}</Switch>
        <LinkButton to="/audit/access" search={{ of: nodeId(dataset) }}>{text.accessLog}</LinkButton>
      </div>
      <Loaded query={query}>
        {(page) => (
          <>
            {page.hidden > 0 && <Banner>{text.hiddenReaders(page.hidden)}</Banner>}
            {page.truncated.leftOut > 0 && <Banner tone="warn">{text.leftOut(page.truncated.leftOut)}</Banner>}
            <Card title={text.readers} isFlush actions={page.next ? <span className={styles["subtle"]}>{text.firstReaders(READERS)}</span> : undefined}>
              {page.items.length === 0 ? <p className={styles["none"]}>{text.noReaders}</p> : <Readers readers={page.items} isDownstream={view.downstream} />}
            </Card>
            <Latest dataset={dataset} from={from} />
          </>
        )}
      </Loaded>
    </div>
  );
}

function Who({ actor }: { actor: Api.ActorEntry }): JSX.Element {
  return <span title={actor.ref} className={styles["who"]}>{actor.name ?? <code>{actor.ref.slice(-8)}</code>}</span>;
}

function Readers({ readers, isDownstream }: { readers: readonly Api.ReaderEntry[]; isDownstream: boolean }): JSX.Element {
  const text = useText(datasets);
  const format = useFormat();
  const columns = (entry: Api.ReaderEntry): string => (entry.columns.length === 0 ? text.notTold : entry.columns.join(", ") + (entry.moreColumns ? " …" : ""));
  return (
    <DataTable
      isFlush label={text.readers} rows={readers} idOf={(entry) => `${entry.actor.ref} ${entry.datasetId}`}
      columns={[
        { id: "who", header: text.who, isRowHeader: true, cell: (entry) => <Who actor={entry.actor} /> },
        ...(isDownstream ? [{ id: "what", header: text.readWhat, cell: (entry: Api.ReaderEntry) => <EntityLink kind="dataset" {...entry.dataset}><Cut text={entry.dataset.name} /></EntityLink> }, { id: "hops", header: text.hops, isNumber: true, cell: (entry: Api.ReaderEntry) => format.number(entry.hops) }] : []),
        { id: "count", header: text.howOften, isNumber: true, cell: (entry) => format.number(entry.count) },
        { id: "columns", header: text.columns, cell: (entry) => <span className={styles["clip"]} title={columns(entry)}>{columns(entry)}</span> },
        { id: "first", header: text.first, cell: (entry) => <When at={entry.first} /> },
        { id: "last", header: text.last, cell: (entry) => <When at={entry.last} /> },
      ]}
    />
  );
}

function Latest({ dataset, from }: { dataset: Dataset; from: string }): JSX.Element {
  const text = useText(datasets);
  const format = useFormat();
  const query = useQuery(ask("GET /api/v1/access-events", { query: { dataset: nodeId(dataset), from, limit: ACCESSES } }));
  return (
    <Card title={text.latestAccesses} isFlush>
      <Loaded query={query}>
        {(page) => (page.items.length === 0 ? <p className={styles["none"]}>{text.noAccesses}</p> : (
          <DataTable
            isFlush label={text.latestAccesses} rows={page.items} idOf={(entry) => entry.id}
            columns={[
              { id: "at", header: text.when, cell: (entry) => <When at={entry.at} isExact /> },
              { id: "who", header: text.who, isRowHeader: true, cell: (entry) => <Who actor={entry.actor} /> },
              { id: "operation", header: text.operation, cell: (entry) => <Chip>{entry.operation}</Chip> },
              { id: "purpose", header: text.purpose, cell: (entry) => entry.purpose ?? "–" },
              { id: "rows", header: text.rows, isNumber: true, cell: (entry) => (entry.rows == null ? "–" : format.number(entry.rows)) },
              { id: "columns", header: text.columns, cell: (entry) => <span className={styles["clip"]} title={entry.columns.join(", ")}>{entry.columns.length === 0 ? text.notTold : entry.columns.join(", ")}</span> },
            ]}
          />
        ))}
      </Loaded>
    </Card>
  );
}
