// The answer to a question: the verdict in a sentence, the rules that made it, what it asks for, and of a deny the nearest rule
// that would have allowed it.
import { Link } from "@tanstack/react-router";
import { ShieldCheck, ShieldHalf, ShieldX } from "lucide-react";
import type { JSX, ReactNode } from "react";
import type { Api } from "#/api";
import { CopyButton } from "#/design/Bits";
import { Chip } from "#/design/Chip";
import { classes } from "#/design/classes";
import { Card } from "#/design/Page";
import { datasetOf, writeWhat } from "#/parts/question";
import { useText } from "#/text/messages";
import { caseLine } from "./case_line";
import { policies } from "./messages";
import styles from "./Policies.module.css";
import type { PolicyQuestion } from "./view";
import { RuleCard } from "./RuleCard";

interface AnswerProps {
  decision: Api.DecisionBody;
  question: Api.DecideAsked;
  view: PolicyQuestion;
}

/** The answer. */
export function Answer({ decision, question, view }: AnswerProps): JSX.Element {
  const text = useText(policies);
  const dataset = datasetOf(view.what);
  const what = dataset === null ? writeWhat(question.resource ?? { kind: "" }) : dataset.name;
  const line = caseLine(decision, question);
  return (
    <div className={styles["answer"]}>
      <Verdict decision={decision} action={question.action} what={what} />
      {decision.obligations.length > 0 && (
        <Card title={text.obligations}>
          <ul className={styles["list"]}>{decision.obligations.map((one) => <li key={one}><code>{one}</code> <span className={styles["muted"]}>{text.obligation(one)}</span></li>)}</ul>
        </Card>
      )}
      {decision.rules.length > 0 && (
        <Card title={text.decidedBy} actions={<Link to="/policies/$version" params={{ version: String(decision.policyVersion) }}>{text.version(decision.policyVersion)}</Link>}>
          <ul className={styles["rules"]}>{decision.rules.map((rule) => <li key={rule.id}><RuleCard rule={rule} version={decision.policyVersion} /></li>)}</ul>
        </Card>
      )}
      {decision.nearest && <Nearest nearest={decision.nearest} version={decision.policyVersion} />}
      <Card title={text.whoWasAsked}>
        <dl className={styles["known"]}>
          <Fact name={text.asking}><code>{decision.principal}</code> {!decision.known && <Chip tone="warn">{text.notKnown}</Chip>}</Fact>
          <Fact name={text.recognised}>{text.auth(decision.auth)}</Fact>
          <Fact name={text.rolesHeld}><span className={styles["chips"]}>{decision.roles.map((role) => <Chip key={role}>{role}</Chip>)}</span></Fact>
          <Fact name={text.rulesOf}><Link to="/policies/$version" params={{ version: String(decision.policyVersion) }}>{text.version(decision.policyVersion)}</Link></Fact>
        </dl>
      </Card>
      {line !== null && (
        <Card title={text.asCase} actions={<CopyButton text={line} />}>
          <p className={styles["muted"]}>{text.asCaseWhy}</p>
          <code className={styles["case"]}>{line}</code>
        </Card>
      )}
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }): JSX.Element {
  return <div><dt>{name}</dt><dd>{children}</dd></div>;
}

function Verdict({ decision, action, what }: { decision: Api.DecisionBody; action: string; what: string }): JSX.Element {
  const text = useText(policies);
  const isPartly = decision.allow && decision.obligations.length > 0;
  const Icon = decision.allow ? (isPartly ? ShieldHalf : ShieldCheck) : ShieldX;
  return (
    <section className={classes(styles["verdict"], decision.allow ? styles["yes"] : styles["no"])} role="status">
      <Icon size={24} aria-hidden />
      <div>
        <h2>{decision.allow ? (isPartly ? text.allowedPartly : text.allowed) : text.denied}</h2>
        <p>{text.verdict(decision.principal, action, what, decision.allow)} {decision.allow ? "" : text.why(decision.why)}</p>
      </div>
    </section>
  );
}

function Nearest({ nearest, version }: { nearest: Api.NearestTold; version: number }): JSX.Element {
  const text = useText(policies);
  return (
    <Card title={text.nearest}>
      <ul className={styles["lacks"]} aria-label={text.lacks}>
        {nearest.missing.map((one) => <li key={`${one.what} ${one.expected ?? ""}`}><Chip tone="warn">{text.lacking(one.what)}</Chip> <span>{text.lackingWhy(one.what)}</span> {one.expected != null && <code>{one.expected}</code>}</li>)}
      </ul>
      <RuleCard rule={nearest} version={version} />
    </Card>
  );
}
