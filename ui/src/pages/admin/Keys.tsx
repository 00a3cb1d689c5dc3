// Keys, without their bytes: listed; the root key rotated, buckets rekeyed, a subject's key destroyed.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { type JSX, useState } from "react";
import { type Api, askKeeping, request } from "#/api";
import { When } from "#/design/Bits";
import { Button } from "#/design/Button";
import { Chip } from "#/design/Chip";
import type { DataColumn } from "#/design/DataTable";
import { TextField } from "#/design/Field";
import { toast } from "#/design/Toasts";
import { Confirm } from "#/parts/Confirm";
import { type Spoken, useText } from "#/text/messages";
import styles from "./Admin.module.css";
import { Listing, useListQuery } from "./Listing";
import { admin } from "./messages";

const LONG = 120_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function columns(text: Spoken<(typeof admin)["en"]>): DataColumn<Api.KeyEntry>[] {
  const at = (time: string | null | undefined): JSX.Element | null => (time == null ? null : <When at={time} />);
  return [
    { id: "id", header: text.keyId, isRowHeader: true, cell: (one) => <code className={styles["code"]}>{one.id}</code> },
    { id: "kind", header: text.kind, cell: (one) => text.keyKind(one.kind) },
    { id: "state", header: text.state, cell: (one) => (one.shreddedAt == null ? <Chip tone="ok">{text.active}</Chip> : <Chip tone="danger">{text.shreddedAt}</Chip>) },
    { id: "bucket", header: text.bucket, isNumber: true, cell: (one) => one.bucket },
    { id: "generation", header: text.generation, isNumber: true, cell: (one) => one.generation },
    { id: "root", header: text.rootVersion, isNumber: true, cell: (one) => one.rootVersion },
    { id: "created", header: text.created, cell: (one) => at(one.createdAt) },
    { id: "shredded", header: text.shreddedAt, cell: (one) => at(one.shreddedAt) },
  ];
}

/** The keys. */
export function Keys(): JSX.Element {
  const text = useText(admin);
  const client = useQueryClient();
  const [open, setOpen] = useState<"rotate" | "rekey" | "shred" | null>(null);
  const query = useQuery(askKeeping("GET /api/v1/keys", { query: useListQuery() }));
  const close = (): void => { setOpen(null); };
  const done = async (said: string): Promise<void> => {
    toast(said);
    await client.invalidateQueries({ queryKey: ["GET /api/v1/keys"] });
  };
  const rotate = async (): Promise<void> => {
    const { rootVersion, buckets } = await request("POST /api/v1/keys/rotate", {}, { timeout: LONG });
    await done(text.keysRotated(rootVersion, buckets));
  };
  const rekey = async (): Promise<void> => {
    const { buckets } = await request("POST /api/v1/keys/rekey", {}, { timeout: LONG });
    await done(text.keysRekeyed(buckets));
  };
  return (
    <>
      <Listing
        label={text.section("keys")} query={query} columns={columns(text)} idOf={(one) => one.id} wordsOf={(one) => `${one.id} ${one.kind} ${one.bucket}`} empty={{ title: text.noKeys, icon: KeyRound }}
        actions={<>
          <Button variant="danger" onPress={() => { setOpen("shred"); }}>{text.shred}</Button>
          <Button onPress={() => { setOpen("rekey"); }}>{text.rekey}</Button>
          <Button onPress={() => { setOpen("rotate"); }}>{text.rotateKeys}</Button>
        </>}
      />
      {open === "rotate" && <Confirm title={text.rotateKeysTitle} facts={[text.rotateKeysFacts, text.rotateKeysRecord]} act={text.rotateKeys} onAct={rotate} onClose={close} />}
      {open === "rekey" && <Confirm title={text.rekeyTitle} facts={[text.rekeyFacts, text.rekeyWhy, text.rotateKeysRecord]} act={text.rekey} onAct={rekey} onClose={close} />}
      {open === "shred" && <Shred onDone={done} onClose={close} />}
    </>
  );
}

function Shred({ onDone, onClose }: { onDone: (said: string) => Promise<void>; onClose: () => void }): JSX.Element {
  const text = useText(admin);
  const [typed, setSubject] = useState("");
  const [reason, setReason] = useState("");
  const subject = typed.trim().toLowerCase();
  const isWhole = UUID.test(subject);
  const shred = async (): Promise<void> => {
    await request("POST /api/v1/keys/shred", { body: { subject, reason: reason.trim() } });
    await onDone(text.shredded);
  };
  return (
    <Confirm
      title={text.shredTitle} facts={[text.shredFacts, text.shredProof, text.shredBackup, text.rotateKeysRecord, <strong key="good">{text.forGood}</strong>]}
      act={text.shredNow} word={isWhole ? text.shredWord(subject) : undefined} isReady={isWhole && reason.trim() !== ""} onAct={shred} onClose={onClose}
    >
      <TextField label={text.subject} description={text.subjectWhy} value={typed} onChange={setSubject} mono isRequired autoFocus autoComplete="off" />
      <TextField label={text.reason} description={text.reasonWhy} value={reason} onChange={setReason} isRequired />
    </Confirm>
  );
}
