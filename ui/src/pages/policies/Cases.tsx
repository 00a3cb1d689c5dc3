// The cases that were given with a set: examples of what its rules must say.
import { Link } from "@tanstack/react-router";
import { ListChecks } from "lucide-react";
import type { JSX } from "react";
import { Chip } from "#/design/Chip";
import { type DataColumn, DataTable } from "#/design/DataTable";
import { Empty } from "#/design/State";
import { type Spoken, useText } from "#/text/messages";
import { type Case, readCases } from "./case_line";
import { policies } from "./messages";
import styles from "./Policies.module.css";

function columns(text: Spoken<(typeof policies)["en"]>): DataColumn<Case>[] {
  return [
    { id: "line", header: text.lineNumber, isNumber: true, cell: (one) => one.line },
    { id: "who", header: text.casePrincipal, isRowHeader: true, cell: (one) => <code>{one.who}</code> },
    { id: "act", header: text.caseAction, cell: (one) => <code>{one.act}</code> },
    { id: "what", header: text.caseResource, cell: (one) => <code>{one.what}</code> },
    { id: "context", header: text.caseContext, cell: (one) => <code>{one.context}</code> },
    { id: "expected", header: text.caseExpected, cell: (one) => <Chip tone={one.expected === "deny" ? "danger" : "ok"}>{one.expected}</Chip> },
    { id: "ask", header: text.test, cell: (one) => <Link to="/policies/test" search={one.question}>{text.ask}</Link> },
  ];
}

/** The cases. */
export function Cases({ cases }: { cases: string }): JSX.Element {
  const text = useText(policies);
  const read = readCases(cases);
  if (read.length === 0) return <Empty title={text.noCases} icon={ListChecks} />;
  return (
    <div className={styles["stack"]}>
      <p className={styles["muted"]}>{text.casesWhy}</p>
      <DataTable label={text.cases} rows={read} columns={columns(text)} idOf={(one) => String(one.line)} />
    </div>
  );
}
