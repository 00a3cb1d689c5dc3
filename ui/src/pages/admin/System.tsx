// The system: readiness, followers, the audit log's state, and the few figures that matter.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { JSX, ReactNode } from "react";
import { type Api, ask, readiness } from "#/api";
import { CopyButton } from "#/design/Bits";
import { Chip } from "#/design/Chip";
import { DataTable } from "#/design/DataTable";
import { Card, Facts } from "#/design/Page";
import { Banner } from "#/design/State";
import { Loaded } from "#/parts/Loaded";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import styles from "./Admin.module.css";
import { admin } from "./messages";
import { readMetrics, sumOf } from "./prometheus";

const EVERY = 10_000;
const MILLISECONDS = 1_000;

/** The section. */
export function System(): JSX.Element {
  const text = useText(admin);
  const ready = useQuery(readiness);
  const audit = useQuery({ ...ask("GET /api/v1/audit", {}), refetchInterval: EVERY });
  const metrics = useQuery({ ...ask("GET /metrics", {}), refetchInterval: EVERY, retry: false });
  return (
    <div className={styles["stack"]}>
      {ready.data?.policyAlarm != null && <Banner tone="danger">{text.policyAlarm}: {ready.data.policyAlarm}</Banner>}
      {audit.data?.alarm != null && <Banner tone="danger">{text.auditAlarm}: {audit.data.alarm}</Banner>}
      <div className={styles["cards"]}>
        <Card title={text.section("system")}><Loaded query={ready} lines={4}>{(told) => <Readiness told={told} />}</Loaded></Card>
        <Card title={text.auditLog} actions={<Link to="/audit">{text.seeAudit}</Link>}><Loaded query={audit} lines={4}>{(told) => <Audit told={told} />}</Loaded></Card>
      </div>
      <Card title={text.followers} isFlush>
        <p className={styles["inset"]}>{text.followersWhy}</p>
        <div className={styles["inCard"]}><Loaded query={ready} lines={3}>{(told) => <Followers told={told} />}</Loaded></div>
      </Card>
      <Card title={text.metrics}><Loaded query={metrics} lines={4}>{(told) => <Metrics told={told} />}</Loaded></Card>
    </div>
  );
}

function Readiness({ told }: { told: Api.Ready }): JSX.Element {
  const text = useText(admin);
  const format = useFormat();
  return (
    <Facts facts={[
      { name: text.state, value: told.ready ? <Chip tone="ok">{text.ready}</Chip> : <Chip tone="danger">{text.notReady}</Chip> },
      { name: text.database, value: <>{told.database} {told.databaseAnswers ? <Chip tone="ok">{text.answers}</Chip> : <Chip tone="danger">{text.answersNot}</Chip>}</> },
      { name: text.position, value: format.number(told.position) },
      { name: text.waiting, value: format.number(told.waiting) },
      { name: text.policyInForce, value: <Link to="/policies/$version" params={{ version: String(told.policyVersion) }}>{text.version} {told.policyVersion}</Link> },
    ]} />
  );
}

function Audit({ told }: { told: Api.AuditState }): JSX.Element {
  const text = useText(admin);
  const format = useFormat();
  // To those who may not verify the log, nothing is told of its state.
  const state = told.size === 0 ? [] : [
    { name: text.state, value: told.alarm == null ? <Chip tone="ok">{text.auditIntact}</Chip> : <Chip tone="danger">{text.auditAlarm}</Chip> },
    { name: text.auditSize, value: format.number(told.size) },
  ];
  return (
    <Facts facts={[
      ...state,
      { name: text.auditKey, value: told.key == null ? text.noKeys : <><code>{told.key}</code> <CopyButton text={told.key} label={text.copyKey} /></> },
    ]} />
  );
}

function Followers({ told }: { told: Api.Ready }): JSX.Element {
  const text = useText(admin);
  const format = useFormat();
  return (
    <DataTable
      label={text.followers} rows={told.followers} idOf={(one) => one.name}
      columns={[
        { id: "name", header: text.follower, isRowHeader: true, cell: (one) => <span className={styles["name"]}>{one.name}</span> },
        { id: "position", header: text.position, isNumber: true, cell: (one) => format.number(one.position) },
        { id: "behind", header: text.behind, cell: (one) => (one.behind === 0 ? <Chip tone="ok">{text.uptodate}</Chip> : <Chip tone="warn">{text.commits(format.number(one.behind))}</Chip>) },
      ]}
    />
  );
}

function Metrics({ told }: { told: string }): JSX.Element {
  const text = useText(admin);
  const format = useFormat();
  const samples = readMetrics(told);
  if (samples.length === 0) return <Banner tone="danger">{text.notMetrics}</Banner>;
  const [commits, seconds] = [sumOf(samples, "lethe_commit_seconds_count"), sumOf(samples, "lethe_commit_seconds_sum")];
  const answered = (fits: (status: string) => boolean): string => format.number(sumOf(samples, "lethe_http_seconds_count", ({ status = "" }) => fits(status)));
  const figures: [string, ReactNode][] = [
    [text.build, samples.find(({ name }) => name === "lethe_build_info")?.labels["version"] ?? "–"],
    [text.requests, answered(() => true)],
    [text.refusals, answered((status) => status === "401" || status === "403")],
    [text.serverErrors, answered((status) => status.startsWith("5"))],
    [text.commitCount, format.number(commits)],
    [text.commitMean, commits === 0 ? "" : format.duration((seconds / commits) * MILLISECONDS)],
    [text.failures, format.number(sumOf(samples, "lethe_commit_failures_total"))],
    [text.graphNodes, format.number(sumOf(samples, "lethe_lineage_nodes"))],
    [text.graphEdges, format.number(sumOf(samples, "lethe_lineage_edges"))],
    [text.documents, format.number(sumOf(samples, "lethe_search_documents"))],
  ];
  return (
    <div className={styles["stack"]}>
      <p className={styles["muted"]}>{text.metricsWhy}</p>
      <dl className={styles["figures"]}>{figures.map(([name, value]) => <div key={name} className={styles["figure"]}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
    </div>
  );
}
