// What was sent about a job: its facets as they stand, and its events as they came.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { JSX } from "react";
import { ask } from "#/api";
import { Button } from "#/design/Button";
import { Card } from "#/design/Page";
import { EventList, FacetList } from "#/parts/Raw";
import { Loaded } from "#/parts/Loaded";
import { useText } from "#/text/messages";
import type { JobProps } from "./job";
import styles from "./Jobs.module.css";
import { jobs } from "./messages";

const PAGE = 25;
const route = getRouteApi("/jobs/$namespace/$name/{-$tab}");

/** The tab. */
export function JobEvents({ job }: JobProps): JSX.Element {
  const text = useText(jobs);
  const { after } = route.useSearch();
  const navigate = route.useNavigate();
  const show = (next: string): void => { void navigate({ search: { after: next } }); };
  const query = useQuery(ask("GET /api/v1/events", { query: { job: job.id, limit: PAGE, ...(after === "" ? {} : { after }) } }));
  return (
    <div className={styles["stack"]}>
      <Card title={text.facets} isFlush><FacetList facets={job.facets} none={text.noFacets} /></Card>
      <Card title={text.events} isFlush>
        <Loaded query={query}>
          {({ items, next }) => (
            <>
              <EventList events={items} none={text.noEvents} />
              {(next ?? after) && (
                <nav className={styles["foot"]} aria-label={text.pages}>
                  {after && <Button onPress={() => { show(""); }}>{text.newest}</Button>}
                  {next && <Button onPress={() => { show(next); }}>{text.older}</Button>}
                </nav>
              )}
            </>
          )}
        </Loaded>
      </Card>
    </div>
  );
}
