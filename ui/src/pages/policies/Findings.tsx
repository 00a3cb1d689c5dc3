// What looks like a mistake in a set, with the line it is about.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import type { JSX } from "react";
import { type Api, ask } from "#/api";
import { Chip } from "#/design/Chip";
import { DataTable } from "#/design/DataTable";
import { Empty } from "#/design/State";
import { Loaded } from "#/parts/Loaded";
import { useText } from "#/text/messages";
import { policies } from "./messages";
import styles from "./Policies.module.css";
import { linesOfRules } from "./rule_line";

/** The findings. */
export function Findings({ set }: { set: Api.PolicyBody }): JSX.Element {
  const text = useText(policies);
  const query = useQuery(ask("GET /api/v1/policies/{version}/lint", { path: { version: set.version } }));
  const lines = linesOfRules(set.csv);
  const where = (rule: string): JSX.Element => {
    const line = lines.get(rule);
    return <Link to="/policies/$version" params={{ version: String(set.version) }} search={{ tab: "text", rule }}><code>{rule}</code>{line !== undefined && <> · {text.line(line)}</>}</Link>;
  };
  return (
    <Loaded query={query}>
      {({ findings, leftOut }) => (findings.length === 0 ? <Empty title={text.noFindings} icon={CircleCheck} /> : (
        <>
          <DataTable
            label={text.findings} rows={findings.map((one, place) => ({ ...one, id: String(place) }))} idOf={(one) => one.id}
            columns={[
              { id: "kind", header: text.findings, isRowHeader: true, cell: (one) => <Chip tone={one.kind === "unused_role" ? "plain" : "warn"}>{text.finding(one.kind)}</Chip> },
              { id: "rule", header: text.rule, cell: (one) => (one.rule == null ? <span className={styles["muted"]}>{text.wholeSet}</span> : where(one.rule)) },
              { id: "message", header: text.note, cell: (one) => <span className={styles["why"]}>{one.message}</span> },
            ]}
          />
          {leftOut > 0 && <p className={styles["muted"]}>{text.leftOut(leftOut)}</p>}
        </>
      ))}
    </Loaded>
  );
}
