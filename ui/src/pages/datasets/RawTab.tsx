// What was sent: the facets as they stand, and the events as they came: the dataset's own, or those of a job around it.
import { useQuery } from "@tanstack/react-query";
import type { JSX } from "react";
import { ask } from "#/api";
import { Button } from "#/design/Button";
import { Card } from "#/design/Page";
import { SelectField } from "#/design/Select";
import { Loaded } from "#/parts/Loaded";
import { EventList, FacetList } from "#/parts/Raw";
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
      <Card title={text.facets} isFlush><FacetList facets={dataset.facets} none={text.noFacets} /></Card>
      <Card title={text.events} isFlush actions={<SelectField label={text.eventsOf} inline value={job} options={options} onChange={(next) => { show({ job: next, after: "" }); }} />}>
        <Events key={job} asked={view.job === "" ? { dataset: dataset.id } : { job: view.job }} after={view.after} onPage={(after) => { show({ after }); }} />
      </Card>
    </div>
  );
}

function Events({ asked, after, onPage }: { asked: { dataset?: string; job?: string }; after: string; onPage: (after: string) => void }): JSX.Element {
  const text = useText(datasets);
  const query = useQuery(ask("GET /api/v1/events", { query: { ...asked, limit: PAGE, ...(after === "" ? {} : { after }) } }));
  return (
    <Loaded query={query}>
      {({ items, next }) => (
        <>
          <EventList events={items} none={asked.job === undefined ? text.noOwnEvents : text.noEvents} />
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
