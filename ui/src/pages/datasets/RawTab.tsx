// What was sent: the facets as they stand, and the events as they came: the dataset's own, or those of a job around it.
import { useQuery } from "@tanstack/react-query";
import { type JSX, useState } from "react";
import { type Api, ask } from "#/api";
import { When } from "#/design/Bits";
import { Button } from "#/design/Button";
import { Chip, runTone } from "#/design/Chip";
import { Card } from "#/design/Page";
import { SelectField } from "#/design/Select";
import { JsonView } from "#/parts/JsonView";
import { Loaded } from "#/parts/Loaded";
import { useText } from "#/text/messages";
import { type TabProps, useDatasetView, useJobsAround } from "./dataset";
import styles from "./Dataset.module.css";
import { datasets } from "./messages";
import { jobsOf } from "./steps";

const PAGE = 25;

/** The tab. */
export function RawTab({ dataset }: TabProps): JSX.Element {
  const text = useText(datasets);
  const [view, show] = useDatasetView();
  const around = useJobsAround(dataset);
  const jobs = around.data ? jobsOf(around.data, dataset.id) : { writers: [], readers: [] };
  const options = [
    { id: "", label: text.ownEvents },
    ...jobs.writers.map((job) => ({ id: job.id ?? "", label: text.eventsOfWriter(job.name) })),
    ...jobs.readers.map((job) => ({ id: job.id ?? "", label: text.eventsOfReader(job.name) })),
  ];
  const job = options.some((one) => one.id === view.job) ? view.job : "";
  return (
    <div className={styles["stack"]}>
      <Card title={text.facets} isFlush><Facets facets={dataset.facets} /></Card>
      <Card title={text.events} isFlush actions={<SelectField label={text.eventsOf} inline value={job} options={options} onChange={(next) => { show({ job: next, after: "" }); }} />}>
        <Events key={job} asked={view.job === "" ? { dataset: dataset.id } : { job: view.job }} after={view.after} onPage={(after) => { show({ after }); }} />
      </Card>
    </div>
  );
}

function Facets({ facets }: { facets: Record<string, Record<string, unknown>> }): JSX.Element {
  const text = useText(datasets);
  const entries = Object.entries(facets);
  if (entries.length === 0) return <p className={styles["none"]}>{text.noFacets}</p>;
  return <ul>{entries.map(([name, facet]) => <li key={name} className={styles["raw"]}><Opened head={<code>{name}</code>} value={facet} label={name} /></li>)}</ul>;
}

function Events({ asked, after, onPage }: { asked: { dataset?: string; job?: string }; after: string; onPage: (after: string) => void }): JSX.Element {
  const text = useText(datasets);
  const query = useQuery(ask("GET /api/v1/events", { query: { ...asked, limit: PAGE, ...(after === "" ? {} : { after }) } }));
  return (
    <Loaded query={query}>
      {({ items, next }) => (
        <>
          {items.length === 0 && <p className={styles["none"]}>{asked.job === undefined ? text.noOwnEvents : text.noEvents}</p>}
          <ul>{items.map((event) => <li key={event.id} className={styles["raw"]}><Opened head={<EventHead event={event} />} value={event.event} label={event.id} /></li>)}</ul>
          {(next ?? after) && (
            <nav className={styles["foot"]} aria-label={text.pages}>
              {after && <Button onPress={() => { onPage(""); }}>{text.newest}</Button>}
              {next && <Button onPress={() => { onPage(next); }}>{text.older}</Button>}
            </nav>
          )}
        </>
      )}
    </Loaded>
  );
}

function EventHead({ event }: { event: Api.EventEntry }): JSX.Element {
  const type = typeof event.event["eventType"] === "string" ? event.event["eventType"] : event.kind;
  return <span className={styles["eventHead"]}><Chip tone={runTone(type)}>{type}</Chip><When at={event.eventTime} isExact /><code className={styles["subtle"]}>{event.id}</code></span>;
}

/** Something that opens; what is in it is drawn only then. */
function Opened({ head, value, label }: { head: JSX.Element; value: unknown; label: string }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  return (
    <details open={isOpen} onToggle={(event) => { setOpen(event.currentTarget.open); }}>
      <summary>{head}</summary>
      {isOpen && <JsonView value={value} label={label} />}
    </details>
  );
}
