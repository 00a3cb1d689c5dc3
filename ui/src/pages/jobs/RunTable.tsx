// Runs as a table.
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import type { Api } from "#/api";
import { When } from "#/design/Bits";
import { Chip, runTone } from "#/design/Chip";
import { DataTable } from "#/design/DataTable";
import { EntityLink } from "#/parts/LinkButton";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import styles from "./Jobs.module.css";
import { jobs } from "./messages";
import { errorOf } from "./run_facts";

/** The table; with the job of each run where they are of several. */
export function RunTable({ runs, label, withJob }: { runs: readonly Api.RunBody[]; label: string; withJob?: boolean }): JSX.Element {
  const text = useText(jobs);
  const format = useFormat();
  return (
    <DataTable
      isFlush label={label} rows={runs} idOf={(run) => run.id}
      columns={[
        { id: "state", header: text.state, cell: (run) => <Chip tone={runTone(run.state)}>{run.state}</Chip> },
        { id: "run", header: text.started, isRowHeader: true, cell: (run) => <Link to="/runs/$id" params={{ id: run.id }} className={styles["when"]}>{run.startedAt ? <When at={run.startedAt} isExact /> : run.id}</Link> },
        ...(withJob ? [{ id: "job", header: text.job, cell: (run: Api.RunBody) => run.job && <EntityLink kind="job" {...run.job} className={styles["when"]}>{run.job.name}</EntityLink> }] : []),
        { id: "duration", header: text.duration, isNumber: true, cell: (run) => (run.durationMs == null ? "–" : format.duration(run.durationMs)) },
        { id: "in", header: text.reads, isNumber: true, cell: (run) => format.number(run.inputs.length) },
        { id: "out", header: text.writes, isNumber: true, cell: (run) => format.number(run.outputs.length) },
        { id: "error", header: text.error, cell: (run) => <span className={styles["clip"]} title={errorOf(run.facets)?.message}>{errorOf(run.facets)?.message}</span> },
      ]}
    />
  );
}
