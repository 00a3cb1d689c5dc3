// How many rows each run wrote, over time: the runs of the jobs that write the dataset, as bars and as a table.
import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { type Api, ask, asProblem } from "#/api";
import { When } from "#/design/Bits";
import { Bars } from "#/design/Bars";
import { Chip, runTone } from "#/design/Chip";
import { DataTable } from "#/design/DataTable";
import { Card } from "#/design/Page";
import { Skeleton } from "#/design/State";
import { Loaded } from "#/parts/Loaded";
import { ProblemPanel } from "#/parts/ProblemPanel";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import { type Dataset, type TabProps, useJobsAround } from "./dataset";
import styles from "./Dataset.module.css";
import { datasets } from "./messages";
import { writtenOf } from "./quality";
import { jobsOf } from "./steps";

const RUNS = 60;
const WRITERS_MAX = 5;

/** The card. */
export function WrittenRows({ dataset }: TabProps): JSX.Element {
  const text = useText(datasets);
  const around = useJobsAround(dataset);
  return (
    <Card title={text.writtenRows} isFlush>
      <Loaded query={around} lines={4}>{(graph) => <Writers dataset={dataset} writers={jobsOf(graph, dataset.id).writers} />}</Loaded>
    </Card>
  );
}

interface Writing {
  run: Api.RunBody;
  rows: number | null;
  bytes: number | null;
}

function Writers({ dataset, writers }: { dataset: Dataset; writers: readonly Api.Node[] }): JSX.Element {
  const text = useText(datasets);
  const ids = writers.flatMap((job) => job.id ?? []).slice(0, WRITERS_MAX);
  const answers = useQueries({ queries: ids.map((id) => ask("GET /api/v1/jobs/{id}/runs", { path: { id }, query: { limit: RUNS } })) });
  const failed = answers.find((answer) => answer.error);
  if (failed?.error) return <ProblemPanel problem={asProblem(failed.error)} onRetry={() => { void failed.refetch(); }} />;
  if (answers.some((answer) => answer.isPending)) return <Skeleton lines={4} />;
  const writings = answers
    .flatMap((answer) => answer.data?.items ?? [])
    .flatMap((run): Writing[] => {
      const output = run.outputs.find((one) => one.id === dataset.id || (one.namespace === dataset.namespace && one.name === dataset.name));
      const written = output && writtenOf(output.facets);
      return written ? [{ run, ...written }] : [];
    })
    .sort((a, b) => ((a.run.startedAt ?? "") < (b.run.startedAt ?? "") ? 1 : -1))
    .slice(0, RUNS);
  return writings.length === 0 ? <p className={styles["none"]}>{text.noWrittenRows}</p> : <Shown writings={writings} />;
}

function Shown({ writings }: { writings: readonly Writing[] }): JSX.Element {
  const text = useText(datasets);
  const format = useFormat();
  const rows = (count: number | null): string => (count === null ? "–" : format.number(count));
  const bars = [...writings].reverse().map(({ run, rows: count }) => ({ id: run.id, value: count, title: `${run.startedAt ? format.dateTime(run.startedAt) : run.id}: ${rows(count)}`, tone: run.state === "FAILED" ? "bad" as const : "plain" as const }));
  return (
    <>
      <div className={styles["padded"]}><Bars label={text.writtenRows} bars={bars} format={(value) => format.number(Math.round(value))} /></div>
      <DataTable
        isFlush label={text.writtenRows} rows={writings.slice(0, 15)} idOf={({ run }) => run.id}
        columns={[
          { id: "run", header: text.run, isRowHeader: true, cell: ({ run }) => <Link to="/runs/$id" params={{ id: run.id }}>{run.startedAt ? <When at={run.startedAt} isExact /> : run.id}</Link> },
          { id: "job", header: text.job, cell: ({ run }) => run.job?.name ?? "" },
          { id: "state", header: text.state, cell: ({ run }) => <Chip tone={runTone(run.state)}>{run.state}</Chip> },
          { id: "rows", header: text.rows, isNumber: true, cell: (one) => rows(one.rows) },
          { id: "bytes", header: text.size, isNumber: true, cell: ({ bytes }) => (bytes === null ? "–" : format.bytes(bytes)) },
        ]}
      />
    </>
  );
}
