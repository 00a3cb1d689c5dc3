// The steps of a proof: what was checked, whether it holds, and what that means.
import { CircleCheck, CircleDashed, CircleX, ShieldAlert, ShieldCheck, ShieldQuestion } from "lucide-react";
import type { JSX, ReactNode } from "react";
import { classes } from "#/design/classes";
import { useText } from "#/text/messages";
import type { Step, StepId } from "#/tlog";
import styles from "./Audit.module.css";
import { FaultText } from "./FaultText";
import { audit } from "./messages";

/** A step of a receipt's check, or the comparison with the head seen last. */
export type ShownStep = Step<StepId | "growth">;
type State = ShownStep["state"];

const ICONS = { passed: CircleCheck, failed: CircleX, skipped: CircleDashed };
const LOOKS = { passed: "isPassed", failed: "isFailed", skipped: "isSkipped" } as const;
const SHIELDS = { passed: ShieldCheck, failed: ShieldAlert, skipped: ShieldQuestion };

/** The verdict over all. */
export function Verdict({ state, children }: { state: State; children: ReactNode }): JSX.Element {
  const Icon = SHIELDS[state];
  return <p className={classes(styles["verdict"], styles[LOOKS[state]])} role={state === "failed" ? "alert" : "status"}><Icon size={20} aria-hidden />{children}</p>;
}

/** The steps. */
export function StepList({ steps }: { steps: readonly ShownStep[] }): JSX.Element {
  const text = useText(audit);
  const words: Record<ShownStep["id"], readonly [string, string]> = {
    record: [text.stepRecord, text.stepRecordWhy],
    receipt: [text.stepReceipt, text.stepReceiptWhy],
    signature: [text.stepSignature, text.stepSignatureWhy],
    inclusion: [text.stepInclusion, text.stepInclusionWhy],
    growth: [text.stepGrowth, text.stepGrowthWhy],
  };
  const states = { passed: text.passed, failed: text.stepFailed, skipped: text.skipped };
  return (
    <ol className={styles["steps"]}>
      {steps.map(({ id, state, fault }) => {
        const Icon = ICONS[state];
        return (
          <li key={id} className={classes(styles["step"], styles[LOOKS[state]])}>
            <Icon size={16} aria-hidden />
            <div>
              <p><span className={styles["stepName"]}>{words[id][0]}</span> <span className={styles["faint"]}>{states[state]}</span></p>
              {fault ? <p className={styles["stepFault"]}><FaultText fault={fault} /></p> : <p className={styles["stepWhy"]}>{words[id][1]}</p>}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
