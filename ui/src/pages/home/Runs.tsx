// Jobs with their latest run, in a card.
import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import type { Api } from "#/api";
import { When } from "#/design/Bits";
import { Chip, runTone } from "#/design/Chip";
import { Cut } from "#/design/Cut";
import { Card } from "#/design/Page";
import { EntityLink } from "#/parts/LinkButton";
import { Loaded } from "#/parts/Loaded";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import styles from "./Home.module.css";
import { home } from "./messages";

/** The card. */
export function Runs({ title, query, none }: { title: string; query: UseQueryResult<Api.MarquezJobs>; none: string }): JSX.Element {
  return (
    <Card title={title} isFlush>
      <Loaded query={query}>
        {(told) => (told.jobs.length === 0
          ? <p className={styles["none"]}>{none}</p>
          : <ul>{told.jobs.map((job) => <Row key={`${job.namespace} ${job.name}`} job={job} />)}</ul>)}
      </Loaded>
    </Card>
  );
}

function Row({ job }: { job: Api.MarquezJob }): JSX.Element {
  const text = useText(home);
  const format = useFormat();
  const run = job.latestRun;
  return (
    <li className={styles["row"]}>
      <div className={styles["what"]}>
        <EntityLink kind="job" namespace={job.namespace} name={job.name} className={styles["name"]}><Cut text={job.name} /></EntityLink>
        <span className={styles["where"]}>{job.namespace}{run?.durationMs != null && ` · ${text.took(format.duration(run.durationMs))}`}</span>
      </div>
      {run && <Link to="/runs/$id" params={{ id: run.id }}><Chip tone={runTone(run.state)}>{run.state}</Chip></Link>}
      <span className={styles["at"]}><When at={run?.updatedAt ?? job.updatedAt} /></span>
    </li>
  );
}
