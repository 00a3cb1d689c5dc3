// The decision behind a record: which version of the rules, which rules, and what they demanded. The rules' texts are
// told to whoever may read the policies.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { ask } from "#/api";
import { Chip } from "#/design/Chip";
import { Card, Facts } from "#/design/Page";
import { useText } from "#/text/messages";
import styles from "./Audit.module.css";
import { audit } from "./messages";
import type { RecordView } from "./record";

/** The decision. */
export function Decision({ record: { decision, outcome } }: { record: RecordView }): JSX.Element | null {
  const text = useText(audit);
  if (decision === null) return outcome === "denied" || outcome === "allowed" ? <Card title={text.decision}><p className={styles["note"]}>{text.noDecision}</p></Card> : null;
  const { policy, rules, obligations } = decision;
  return (
    <Card title={text.decision}>
      <Facts facts={[
        { name: text.policyVersion, value: <Link to="/policies/$version" params={{ version: policy }}>{policy}</Link> },
        { name: text.rules, value: rules.length === 0 ? text.noRules : <Rules policy={policy} rules={rules} /> },
        ...(obligations.length > 0 ? [{ name: text.obligations, value: <span className={styles["inline"]}>{obligations.map((one) => <Chip key={one} tone="info">{one}</Chip>)}</span> }] : []),
      ]} />
    </Card>
  );
}

function Rules({ policy, rules }: { policy: string; rules: readonly string[] }): JSX.Element {
  const { data } = useQuery({ ...ask("GET /api/v1/policies/{version}", { path: { version: Number(policy) } }), enabled: /^\d+$/.test(policy), staleTime: Infinity, retry: false });
  const lines = new Map((data?.csv ?? "").split("\n").map((line) => [line.split(",")[1]?.trim() ?? "", line] as const));
  return (
    <ul className={styles["rules"]}>
      {rules.map((rule) => <li key={rule}><code>{rule}</code>{lines.has(rule) && <div className={styles["ruleText"]}><code>{lines.get(rule)}</code></div>}</li>)}
    </ul>
  );
}
