// The proof of one record, checked in this browser: its receipt, and that the log continues the head seen last.
import { useQuery } from "@tanstack/react-query";
import { Download, RotateCw } from "lucide-react";
import type { JSX } from "react";
import { asProblem, request } from "#/api";
import { CopyButton } from "#/design/Bits";
import { Button } from "#/design/Button";
import { Card, Facts } from "#/design/Page";
import { Skeleton } from "#/design/State";
import { ProblemPanel } from "#/parts/ProblemPanel";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import { type Checked, checkReceipt, encodeText, Fault, readKey, toBase64 } from "#/tlog";
import styles from "./Audit.module.css";
import { FaultText } from "./FaultText";
import { type HeadState, useHead } from "./head";
import { audit } from "./messages";
import type { RecordView } from "./record";
import { saveFile } from "./save";
import { type ShownStep, StepList, Verdict } from "./StepList";

/** What came of it: the receipt and what was checked, or why nothing could be. */
interface Proof {
  receipt: string;
  checked: Checked | null;
  fault: Fault | null;
}

async function prove(record: RecordView, signal: AbortSignal): Promise<Proof> {
  const receipt = await request("GET /api/v1/audit/records/{id}/receipt", { path: { id: record.id } }, { signal });
  try {
    const { key } = await request("GET /api/v1/audit", {}, { signal });
    const checked = await checkReceipt(receipt, encodeText(record.entry), await readKey(key ?? ""));
    return { receipt, checked: atItsPlace(checked, record.index), fault: null };
  } catch (thrown) {
    if (thrown instanceof Fault) return { receipt, checked: null, fault: thrown };
    throw thrown;
  }
}

/** The receipt must be for the place at which the record is shown. */
function atItsPlace(checked: Checked, index: number): Checked {
  if (checked.index === undefined || checked.index === index) return checked;
  const fault = new Fault("order", { wanted: String(index), found: String(checked.index) });
  return { ...checked, isVerified: false, steps: checked.steps.map((step) => (step.id === "receipt" ? { id: "receipt", state: "failed", fault } : step)) };
}

/** The log's growth as a step. */
function growth({ verdict, kept, head, fault }: HeadState): ShownStep {
  if (fault !== null) return { id: "growth", state: "failed", fault };
  if (verdict === null) return { id: "growth", state: "skipped" };
  if (verdict === "first" || verdict === "same" || verdict === "grown") return { id: "growth", state: "passed" };
  return { id: "growth", state: "failed", fault: new Fault("not-grown", { found: String(head?.size ?? 0), wanted: String(kept?.size ?? 0) }) };
}

/** The proof. */
export function ProofCard({ record }: { record: RecordView }): JSX.Element {
  const text = useText(audit);
  const head = useHead();
  const proof = useQuery<Proof>({
    queryKey: ["audit proof", record.id],
    queryFn: async ({ signal }) => await prove(record, signal),
    // A new record waits for a signed head.
    retry: (failures, thrown) => asProblem(thrown).status === 503 && failures < 5,
    retryDelay: 700,
    staleTime: Infinity,
  });
  const again = (): void => { void proof.refetch(); void head.refetch(); };
  return (
    <Card title={text.proofTitle} actions={<Button variant="quiet" icon={RotateCw} isPending={proof.isFetching} onPress={again}>{text.checkAgain}</Button>}>
      {proof.data === undefined
        ? proof.error ? <ProblemPanel problem={asProblem(proof.error)} onRetry={again} /> : <><Skeleton lines={5} />{proof.failureCount > 0 && <p className={styles["note"]}>{text.waitingHead}</p>}</>
        : <Told record={record} proof={proof.data} head={head.data} />}
    </Card>
  );
}

function Told({ record, proof: { receipt, checked, fault }, head }: { record: RecordView; proof: Proof; head: HeadState | undefined }): JSX.Element {
  const text = useText(audit);
  const format = useFormat();
  const steps: ShownStep[] = [...(checked?.steps ?? []), ...(head === undefined ? [] : [growth(head)])];
  const state = fault !== null ? "skipped" : steps.some((step) => step.state === "failed") ? "failed" : steps.every((step) => step.state === "passed") ? "passed" : "skipped";
  const words = { passed: text.verified, failed: text.refused, skipped: text.unknown };
  const facts = [
    ...(checked?.leaf ? [{ name: text.leaf, value: <code className={styles["break"]}>{toBase64(checked.leaf)}</code> }] : []),
    ...(checked?.head ? [{ name: text.underHead, value: text.entries(format.number(checked.head.size)) }] : []),
    ...(checked?.head ? [{ name: text.root, value: <code className={styles["break"]}>{toBase64(checked.head.root)}</code> }] : []),
    ...(head?.key ? [{ name: text.keyOf, value: <span className={styles["copyable"]}><code className={styles["break"]}>{head.key.text}</code><CopyButton text={head.key.text} label={text.copyKey} /></span> }] : []),
  ];
  return (
    <div className={styles["proofBody"]}>
      <Verdict state={state}>{words[state]}</Verdict>
      {fault !== null && <p className={styles["stepFault"]}><FaultText fault={fault} /></p>}
      {checked !== null && <StepList steps={steps} />}
      <Facts facts={facts} />
      <p className={styles["note"]}>{text.takeKey}</p>
      <div className={styles["inline"]}>
        <Button icon={Download} onPress={() => { saveFile(`${record.id}.tlog-proof`, receipt); }}>{text.receiptFile}</Button>
        <Button icon={Download} onPress={() => { saveFile(`${record.id}.json`, record.entry); }}>{text.recordFile}</Button>
      </div>
    </div>
  );
}
