// One rule, its fields named.
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import type { Api } from "#/api";
import { Chip } from "#/design/Chip";
import { useText } from "#/text/messages";
import { policies } from "./messages";
import styles from "./Policies.module.css";
import { readRule } from "./rule_line";

/** The rule. A text that is no rule is shown as it is. */
export function RuleCard({ rule, version }: { rule: Api.RuleTold; version: number }): JSX.Element {
  const text = useText(policies);
  const read = readRule(rule.text);
  const fields = read === null ? [] : ([["role", read.role], ["domain", read.domain], ["acts", read.actions.replaceAll("|", " | ")], ["selector", read.selector], ["condition", read.condition]] as const);
  return (
    <article className={styles["rule"]} aria-label={rule.id}>
      <header>
        <Link to="/policies/$version" params={{ version: String(version) }} search={{ rule: rule.id }}><code>{rule.id}</code></Link>
        {read !== null && <Chip tone={read.effect === "deny" ? "danger" : "ok"}>{text.effect(read.effect)}</Chip>}
      </header>
      {read === null ? <code>{rule.text}</code> : (
        <dl>
          {fields.filter(([name, value]) => value !== "*" || name === "role").map(([name, value]) => <div key={name}><dt>{text[name]}</dt><dd><code>{value}</code></dd></div>)}
          {read.obligations.length > 0 && <div><dt>{text.obligations}</dt><dd><code>{read.obligations.join("; ")}</code></dd></div>}
        </dl>
      )}
    </article>
  );
}
