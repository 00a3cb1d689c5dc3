// A run: how it went, what it read and wrote, why it failed, who started it and what it started.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { CircleX } from "lucide-react";
import type { JSX } from "react";
import { type Api, ask, live } from "#/api";
import { Code, CopyButton, When } from "#/design/Bits";
import { Chip, runTone } from "#/design/Chip";
import { Card, Facts, Page } from "#/design/Page";
import { EntityLink } from "#/parts/LinkButton";
import { Loaded } from "#/parts/Loaded";
import { FacetList } from "#/parts/Raw";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import styles from "./Jobs.module.css";
import { jobs } from "./messages";
import { errorOf, nominalOf, type RunError } from "./run_facts";
import { RunData } from "./RunData";
import { RunTable } from "./RunTable";

const route = getRouteApi("/runs/$id");
const isOver = (state: string): boolean => ["COMPLETED", "FAILED", "ABORTED"].includes(state);

/** The page. */
export function RunPage(): JSX.Element {
  const text = useText(jobs);
  const format = useFormat();
  const { id } = route.useParams();
  const query = useQuery({ ...ask("GET /api/v1/runs/{id}", { path: { id } }), ...live });
  const run = query.data;
  const title = run?.startedAt ? text.runAt(format.dateTime(run.startedAt)) : text.run;
  const above = run?.job && <EntityLink kind="job" {...run.job}>{run.job.name}</EntityLink>;
  return (
    <Page title={title} {...(run ? { above, beside: <Chip tone={runTone(run.state)}>{run.state}</Chip> } : {})}>
      <Loaded query={query}>{(found) => <Content run={found} />}</Loaded>
    </Page>
  );
}

function Content({ run }: { run: Api.RunBody }): JSX.Element {
  const text = useText(jobs);
  const error = errorOf(run.facets);
  return (
    <div className={styles["stack"]}>
      {error && <Failed error={error} />}
      <div className={styles["halves"]}>
        <About run={run} />
        <Around run={run} />
      </div>
      <Children run={run} />
      <RunData title={text.inputs} none={text.noInputs} list={run.inputs} />
      <RunData title={text.outputs} none={text.noOutputs} list={run.outputs} />
      <Card title={text.facets} isFlush><FacetList facets={run.facets} none={text.noFacets} /></Card>
    </div>
  );
}

function Failed({ error }: { error: RunError }): JSX.Element {
  const text = useText(jobs);
  return (
    <section className={styles["failed"]} aria-label={text.error}>
      <h2><CircleX size={16} aria-hidden />{text.error}{error.language !== "" && <span className={styles["subtle"]}>{error.language}</span>}</h2>
      <pre className={styles["message"]}>{error.message}</pre>
      {error.stack !== "" && <details><summary>{text.stack}</summary><Code code={error.stack} label={text.stack} /></details>}
    </section>
  );
}

function About({ run }: { run: Api.RunBody }): JSX.Element {
  const text = useText(jobs);
  const format = useFormat();
  const nominal = nominalOf(run.facets);
  const time = (at: string | null | undefined): JSX.Element | string => (at ? <When at={at} isExact /> : "–");
  const facts = [
    { name: text.started, value: time(run.startedAt) },
    { name: text.ended, value: time(run.endedAt) },
    { name: text.duration, value: run.durationMs == null ? (isOver(run.state) ? "–" : text.notOver) : format.duration(run.durationMs) },
    ...(nominal.start === "" ? [] : [{ name: text.nominal, value: nominal.end === "" ? time(nominal.start) : <>{time(nominal.start)} – {time(nominal.end)}</> }]),
    { name: text.runId, value: <span className={styles["copied"]}><code>{run.id}</code><CopyButton text={run.id} label={text.copy} /></span> },
    ...(run.givenId ? [{ name: text.givenId, value: <code>{run.givenId}</code> }] : []),
  ];
  return <Card title={text.about}><Facts facts={facts} /></Card>;
}

function Around({ run }: { run: Api.RunBody }): JSX.Element {
  const text = useText(jobs);
  const link = (id: string): JSX.Element => <Link to="/runs/$id" params={{ id }}><code>{id}</code></Link>;
  const facts = [
    { name: text.job, value: run.job ? <EntityLink kind="job" {...run.job}>{run.job.name}</EntityLink> : text.unknown },
    { name: text.startedBy, value: run.parent ? link(run.parent) : text.byNoRun },
    ...(run.root && run.root !== run.parent && run.root !== run.id ? [{ name: text.root, value: link(run.root) }] : []),
  ];
  return <Card title={text.around}><Facts facts={facts} /></Card>;
}

function Children({ run }: { run: Api.RunBody }): JSX.Element {
  const text = useText(jobs);
  const query = useQuery({ ...ask("GET /api/v1/runs/{id}/children", { path: { id: run.id } }), ...live });
  return (
    <Loaded query={query} lines={2}>
      {({ items }) => (items.length === 0 ? null : (
        <Card title={text.children(items.length)} isFlush>
          <div className={styles["tall"]}><RunTable runs={items} label={text.children(items.length)} withJob /></div>
        </Card>
      ))}
    </Loaded>
  );
}
