// What came of a check on the page /verify: all green with what that means, or red with where.
import type { JSX } from "react";
import { Card, Facts } from "#/design/Page";
import { Banner } from "#/design/State";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import { type Checked, type Head, type Report, toBase64 } from "#/tlog";
import styles from "./Audit.module.css";
import { FaultText } from "./FaultText";
import { audit } from "./messages";
import { StepList, Verdict } from "./StepList";
import type { Verifying } from "./verifying";

/** The outcome. */
export function Outcome({ verifying }: { verifying: Verifying }): JSX.Element | null {
  const text = useText(audit);
  switch (verifying.state) {
    case "idle": return null;
    case "running": return <Running verifying={verifying} />;
    case "stopped": return <Banner>{text.stopped}</Banner>;
    case "unreadable": return <Banner tone="danger">{text.unreadable}</Banner>;
    case "receipt": return <ReceiptOutcome checked={verifying.checked} />;
    case "bundle": return <BundleOutcome report={verifying.report} held={verifying.held} milliseconds={verifying.milliseconds} />;
    case "fault": return (
      <Card title={text.proof}>
        <div className={styles["proofBody"]}>
          <Verdict state={verifying.fault.code === "no-crypto" ? "skipped" : "failed"}>{verifying.fault.code === "no-crypto" ? text.unknown : text.notVerified}</Verdict>
          <p className={styles["stepFault"]}>{verifying.of === "head" && `${text.heldHead}: `}<FaultText fault={verifying.fault} /></p>
        </div>
      </Card>
    );
  }
}

function Running({ verifying: { progress, size } }: { verifying: Extract<Verifying, { state: "running" }> }): JSX.Element {
  const text = useText(audit);
  const format = useFormat();
  const share = size === 0 ? 0 : progress.bytes / size;
  return (
    <div className={styles["proofBody"]}>
      <div className={styles["bar"]} role="progressbar" aria-label={text.checking} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)}><div className={styles["barFill"]} style={{ width: `${share * 100}%` }} /></div>
      <p className={styles["faint"]}>{text.progress(format.number(progress.records), format.percent(share))}</p>
    </div>
  );
}

function ReceiptOutcome({ checked }: { checked: Checked }): JSX.Element {
  const text = useText(audit);
  const format = useFormat();
  const { isVerified, steps, head, index, leaf } = checked;
  return (
    <Card title={text.proof}>
      <div className={styles["proofBody"]}>
        <Verdict state={isVerified ? "passed" : "failed"}>{isVerified ? text.allVerified : text.notVerified}</Verdict>
        <StepList steps={steps} />
        {isVerified && (
          <Facts facts={[
            { name: text.record, value: `#${format.number(index ?? 0)}` },
            { name: text.underHead, value: text.entries(format.number(head?.size ?? 0)) },
            { name: text.root, value: <code className={styles["break"]}>{head && toBase64(head.root)}</code> },
            { name: text.leaf, value: <code className={styles["break"]}>{leaf && toBase64(leaf)}</code> },
          ]} />
        )}
      </div>
    </Card>
  );
}

function BundleOutcome({ report, held, milliseconds }: { report: Report; held: Head | null; milliseconds: number }): JSX.Element {
  const text = useText(audit);
  const format = useFormat();
  const { kind, records, range, heads, head } = report;
  return (
    <Card title={text.proof}>
      <div className={styles["proofBody"]}>
        <Verdict state="passed">{text.allVerified}</Verdict>
        <Facts facts={[
          { name: text.kind, value: kind === "full" ? text.full : text.partial },
          { name: text.records, value: `${format.number(records)}${range === null ? "" : ` (#${format.number(range[0])} – #${format.number(range[1])})`}` },
          { name: text.heads, value: format.number(heads) },
          { name: text.underHead, value: text.entries(format.number(head.size)) },
          { name: text.root, value: <code className={styles["break"]}>{toBase64(head.root)}</code> },
          { name: text.checking, value: format.duration(milliseconds) },
        ]} />
        <p className={styles["note"]}>{held === null ? text.heldNone : text.heldMet}</p>
      </div>
    </Card>
  );
}
