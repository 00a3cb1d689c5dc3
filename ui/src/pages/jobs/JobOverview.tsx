// The first tab of a job: what it does, its latest runs, what it reads and writes, its SQL.
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import type { Api } from "#/api";
import { Code, When } from "#/design/Bits";
import { Cut } from "#/design/Cut";
import { Card, Facts } from "#/design/Page";
import { EntityLink } from "#/parts/LinkButton";
import { Loaded } from "#/parts/Loaded";
import { Tags } from "#/parts/Tags";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import { Durations } from "./Durations";
import { type JobProps, useRuns } from "./job";
import styles from "./Jobs.module.css";
import { jobs } from "./messages";
import { medianDuration } from "./run_facts";

/** The tab. */
export function JobOverview({ job }: JobProps): JSX.Element {
  const text = useText(jobs);
  return (
    <div className={styles["stack"]}>
      {job.description && <p className={styles["prose"]}>{job.description}</p>}
      <Latest job={job} />
      <div className={styles["halves"]}>
        <Datasets title={text.inputs} none={text.noInputs} list={job.inputs} />
        <Datasets title={text.outputs} none={text.noOutputs} list={job.outputs} />
      </div>
      {job.sql && <Card title={text.sql}><Code code={job.sql} label={text.sql} /></Card>}
      <About job={job} />
    </div>
  );
}

function Latest({ job }: JobProps): JSX.Element {
  const text = useText(jobs);
  const format = useFormat();
  const { namespace, name } = job;
  const all = <Link to="/jobs/$namespace/$name/{-$tab}" params={{ namespace, name, tab: "runs" }}>{text.allRuns}</Link>;
  return (
    <Card title={text.latestRuns} actions={all}>
      <Loaded query={useRuns(job, "")} lines={3}>
        {({ items }) => {
          const median = medianDuration(items);
          const failed = items.filter((run) => run.state === "FAILED").length;
          if (items.length === 0) return <p className={styles["subtle"]}>{text.noRuns}</p>;
          return (
            <div className={styles["stack"]}>
              <Durations runs={items} />
              <p className={styles["subtle"]}>{text.lastRuns(items.length)} · {text.failedOf(failed)}{median !== null && <> · {text.median(format.duration(median))}</>}</p>
            </div>
          );
        }}
      </Loaded>
    </Card>
  );
}

function Datasets({ title, none, list }: { title: string; none: string; list: readonly Api.EntityName[] }): JSX.Element {
  return (
    <Card title={`${title} · ${list.length}`} isFlush>
      {list.length === 0 && <p className={styles["none"]}>{none}</p>}
      <ul>
        {list.map((one) => (
          <li key={`${one.namespace} ${one.name}`} className={styles["row"]}>
            <EntityLink kind="dataset" {...one} className={styles["name"]}><Cut text={one.name} /></EntityLink>
            <Cut text={one.namespace} className={styles["subtle"]} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function About({ job }: JobProps): JSX.Element {
  const text = useText(jobs);
  const isWeb = /^https?:\/\//.test(job.location ?? "");
  const facts = [
    { name: text.name, value: <code>{job.name}</code> },
    { name: text.namespaceWord, value: <code>{job.namespace}</code> },
    { name: text.owners, value: job.owners.length === 0 ? text.noOwners : job.owners.map((owner) => (owner.type ? `${owner.name} (${owner.type})` : owner.name)).join(", ") },
    { name: text.tags, value: job.tags.length === 0 ? text.noTags : <Tags tags={job.tags} max={20} /> },
    ...(job.location ? [{ name: text.location, value: isWeb ? <a href={job.location} target="_blank" rel="noreferrer">{job.location}</a> : job.location }] : []),
    { name: text.firstNamed, value: job.createdAt ? <When at={job.createdAt} isExact /> : text.never },
    { name: text.lastNamed, value: job.updatedAt ? <When at={job.updatedAt} isExact /> : text.never },
  ];
  return <Card title={text.about}><Facts facts={facts} /></Card>;
}
