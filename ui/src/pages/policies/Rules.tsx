// The rules of a set in a table, all or those of one role; below them who is given roles, and which role includes which.
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import type { Api } from "#/api";
import { Button } from "#/design/Button";
import { Chip } from "#/design/Chip";
import { type DataColumn, DataTable } from "#/design/DataTable";
import { Card } from "#/design/Page";
import { SelectField } from "#/design/Select";
import { type Spoken, useText } from "#/text/messages";
import { policies } from "./messages";
import styles from "./Policies.module.css";
import { linesOfRules } from "./rule_line";
import { RuleCard } from "./RuleCard";

interface RulesProps {
  set: Api.PolicyBody;
  role: string;
  /** The rule that a link named. */
  rule: string;
  onRole: (role: string) => void;
}

function columns(text: Spoken<(typeof policies)["en"]>, version: number): DataColumn<Api.RuleEntry>[] {
  const code = (value: string): JSX.Element | null => (value === "*" ? <span className={styles["muted"]}>*</span> : <code className={styles["pattern"]}>{value}</code>);
  return [
    { id: "id", header: text.rule, isRowHeader: true, cell: (one) => <Link to="/policies/$version" params={{ version: String(version) }} search={{ tab: "text", rule: one.id }}><code className={styles["whole"]}>{one.id}</code></Link> },
    { id: "effect", header: text.effectHeader, cell: (one) => <Chip tone={one.effect === "deny" ? "danger" : "ok"}>{text.effect(one.effect)}</Chip> },
    { id: "role", header: text.role, cell: (one) => <code className={styles["whole"]}>{one.role}{one.domain === "*" ? "" : `@${one.domain}`}</code> },
    { id: "acts", header: text.acts, cell: (one) => <span className={styles["acts"]}>{one.actions.split("|").map((act) => <code key={act}>{act}</code>)}</span> },
    { id: "selector", header: text.selector, cell: (one) => code(one.selector) },
    { id: "condition", header: text.condition, cell: (one) => code(one.condition) },
    { id: "obligations", header: text.obligations, cell: (one) => <span className={styles["acts"]}>{one.obligations.map((duty) => <code key={duty} title={text.obligation(duty)}>{duty}</code>)}</span> },
  ];
}

const ALL = "*all";

/** The rules. */
export function Rules({ set, role, rule, onRole }: RulesProps): JSX.Element {
  const text = useText(policies);
  const roles = [...new Set(set.rules.map((one) => one.role))].sort();
  const options = [{ id: ALL, label: text.allRoles }, ...[...new Set([...roles, role])].filter(Boolean).map((id) => ({ id, label: id }))];
  const shown = role === "" ? set.rules : set.rules.filter((one) => one.role === role);
  const named = rule === "" ? undefined : set.rules.find((one) => one.id === rule);
  const line = linesOfRules(set.csv).get(rule);
  const nothing = <p>{text.noRulesOfRole} <Button onPress={() => { onRole(""); }}>{text.showAll}</Button></p>;
  return (
    <div className={styles["stack"]}>
      {named !== undefined && line !== undefined && <RuleCard rule={{ id: rule, text: set.csv.split("\n")[line - 1] ?? "" }} version={set.version} />}
      <div><SelectField label={text.role} inline value={role === "" ? ALL : role} options={options} onChange={(id) => { onRole(id === ALL ? "" : id); }} /></div>
      <DataTable label={text.rules} rows={shown} columns={columns(text, set.version)} idOf={(one) => one.id} empty={nothing} />
      {set.leftOut > 0 && <p className={styles["muted"]}>{text.leftOut(set.leftOut)}</p>}
      <div className={styles["pair"]}>
        {set.parents.length > 0 && (
          <Card title={text.includes}>
            <ul className={styles["list"]}>{set.parents.map((one) => <li key={`${one.role} ${one.inherits}`}><code>{one.role}</code> <span className={styles["muted"]}>{text.includesRole}</span> <code>{one.inherits}</code></li>)}</ul>
          </Card>
        )}
        {set.grants.length > 0 && (
          <Card title={text.grants}>
            <ul className={styles["list"]}>{set.grants.map((one) => <li key={`${one.subject} ${one.role} ${one.domain}`}><code>{one.subject}</code> <span className={styles["muted"]}>→</span> <code>{one.role}{one.domain === "*" ? "" : `@${one.domain}`}</code></li>)}</ul>
          </Card>
        )}
      </div>
    </div>
  );
}
