// What is sealed beside a record. Opened only on request and with a purpose; what is opened is held by this page alone.
import { useMutation } from "@tanstack/react-query";
import { Lock, LockOpen } from "lucide-react";
import { type JSX, useState } from "react";
import { asProblem, request } from "#/api";
import { Button } from "#/design/Button";
import { Chip } from "#/design/Chip";
import { Card, Facts } from "#/design/Page";
import { ProblemPanel } from "#/parts/ProblemPanel";
import { useText } from "#/text/messages";
import styles from "./Audit.module.css";
import { audit } from "./messages";
import { PurposeDialog } from "./PurposeDialog";
import type { RecordView } from "./record";

/** The sealed values. */
export function SealedCard({ record }: { record: RecordView }): JSX.Element {
  const text = useText(audit);
  const [isAsking, setAsking] = useState(false);
  const opening = useMutation({
    mutationFn: async (purpose: string) => (await request("GET /api/v1/audit/records/{id}", { path: { id: record.id }, query: { unseal: true } }, { headers: { "x-purpose": purpose } })).sealed ?? [],
    gcTime: 0,
  });
  const opened = new Map((opening.data ?? []).map((one) => [one.slot, one.value ?? null]));
  const valueOf = (slot: string): JSX.Element | string => {
    if (!opened.has(slot)) return <Chip icon={Lock}>{text.sealed}</Chip>;
    return opened.get(slot) ?? <Chip tone="warn">{text.destroyed}</Chip>;
  };
  const action = opening.data === undefined
    ? <Button icon={LockOpen} isPending={opening.isPending} onPress={() => { setAsking(true); }}>{text.open}</Button>
    : <Button icon={Lock} onPress={() => { opening.reset(); }}>{text.hide}</Button>;
  return (
    <Card title={text.sealed} actions={action}>
      <div className={styles["proofBody"]}>
        <p className={styles["note"]}>{text.sealedWhy}</p>
        {opening.error && <ProblemPanel problem={asProblem(opening.error)} />}
        {record.sealed.map((one) => (
          <Facts key={one.slot} facts={[
            { name: text.slot, value: <code>{one.slot}</code> },
            { name: text.whose, value: <code className={styles["break"]}>{one.subject}</code> },
            { name: text.value, value: valueOf(one.slot) },
          ]} />
        ))}
      </div>
      <PurposeDialog title={text.openTitle} why={text.sealedWhy} isOpen={isAsking} onClose={() => { setAsking(false); }} onOpen={(purpose) => { opening.mutate(purpose); }} />
    </Card>
  );
}
