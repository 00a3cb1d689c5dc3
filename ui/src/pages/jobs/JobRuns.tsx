// All runs of a job, page by page.
import { getRouteApi } from "@tanstack/react-router";
import type { JSX } from "react";
import { Button } from "#/design/Button";
import { Card } from "#/design/Page";
import { Empty } from "#/design/State";
import { Loaded } from "#/parts/Loaded";
import { useText } from "#/text/messages";
import { Durations } from "./Durations";
import { type JobProps, useRuns } from "./job";
import styles from "./Jobs.module.css";
import { jobs } from "./messages";
import { RunTable } from "./RunTable";

const route = getRouteApi("/jobs/$namespace/$name/{-$tab}");

/** The tab. */
export function JobRuns({ job }: JobProps): JSX.Element {
  const text = useText(jobs);
  const { after } = route.useSearch();
  const navigate = route.useNavigate();
  const show = (next: string): void => { void navigate({ search: { after: next } }); };
  return (
    <Loaded query={useRuns(job, after)}>
      {({ items, next }) => (items.length === 0 ? <Empty title={text.noRuns}><p>{text.noRunsWhy}</p></Empty> : (
        <div className={styles["stack"]}>
          <Card title={text.duration}><Durations runs={items} /></Card>
          <Card title={text.runs} isFlush>
            <RunTable runs={items} label={text.runs} />
            {(next ?? after) && (
              <nav className={styles["foot"]} aria-label={text.pages}>
                {after && <Button onPress={() => { show(""); }}>{text.newest}</Button>}
                {next && <Button onPress={() => { show(next); }}>{text.older}</Button>}
              </nav>
            )}
          </Card>
        </div>
      ))}
    </Loaded>
  );
}
