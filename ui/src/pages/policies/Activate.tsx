// Puts a set into force, after saying what that does. A refusal is told in words, with every case that came out otherwise.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type JSX, useState } from "react";
import { type Problem, request } from "#/api";
import { Button } from "#/design/Button";
import { Checkbox, TextField } from "#/design/Field";
import { Dialog } from "#/design/Overlay";
import { Banner } from "#/design/State";
import { toast } from "#/design/Toasts";
import { parts } from "#/parts/messages";
import { ProblemBanner } from "#/parts/ProblemBanner";
import { useText } from "#/text/messages";
import { policies } from "./messages";
import styles from "./Policies.module.css";

const ACTIVATION_TIMEOUT = 120_000;
const GUARDS = ["cases-failed", "locked-out", "other-in-force", "changed-meanwhile"];

/** The dialog. `active` is the set that whoever looks has seen in force; if it no longer is, nothing is done. */
export function Activate({ version, active, onClose }: { version: number; active: number; onClose: () => void }): JSX.Element {
  const text = useText(policies);
  const shared = useText(parts);
  const client = useQueryClient();
  const [isWaived, setWaived] = useState(false);
  const [reason, setReason] = useState("");
  const doing = useMutation({
    mutationFn: async () => await request(
      "POST /api/v1/policies/{version}/activate",
      { path: { version }, body: { expectedActive: active, ...(isWaived ? { waiveShippedCases: reason.trim() } : {}) } },
      { timeout: ACTIVATION_TIMEOUT },
    ),
    onSuccess: async () => {
      toast(text.activated(version));
      onClose();
      await client.invalidateQueries();
    },
  });
  const lookAgain = (): void => { void client.invalidateQueries(); onClose(); };
  const isStale = doing.error?.code === "other-in-force";
  return (
    <Dialog
      title={text.activateTitle(version)} isOpen isStrict onClose={onClose} size="medium"
      actions={<>
        <Button onPress={onClose}>{shared.cancel}</Button>
        {isStale ? <Button variant="primary" onPress={lookAgain}>{text.reload}</Button>
          : <Button variant="danger" isPending={doing.isPending} isDisabled={isWaived && reason.trim() === ""} onPress={() => { doing.mutate(); }}>{text.activate}</Button>}
      </>}
    >
      <ul className={styles["list"]}>
        <li><strong>{text.activateNow(version, active)}</strong></li>
        <li>{text.activateCases}</li>
        <li>{text.activateRecord}</li>
        <li>{text.activateBack(active)}</li>
      </ul>
      {doing.error && <Refused problem={doing.error} />}
      <Checkbox isSelected={isWaived} onChange={setWaived}>{text.waive}</Checkbox>
      {isWaived && <TextField label={text.waiveReason} description={text.waiveWhy} value={reason} onChange={setReason} isRequired autoFocus />}
    </Dialog>
  );
}

function Refused({ problem }: { problem: Problem }): JSX.Element {
  const text = useText(policies);
  if (!GUARDS.includes(problem.code)) return <ProblemBanner problem={problem} />;
  return (
    <Banner tone="danger">
      <p>{text.refused(problem.code)}</p>
      {problem.code !== "cases-failed" && <p>{problem.detail}</p>}
      {problem.faults.length > 0 && (
        <ul className={styles["list"]} aria-label={text.failedCases}>
          {problem.faults.map((fault, place) => <li key={place}><code>{fault.pointer.slice(1)}</code> {fault.message}</li>)}
        </ul>
      )}
    </Banner>
  );
}
