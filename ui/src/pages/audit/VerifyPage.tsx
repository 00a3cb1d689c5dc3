// Verifies receipts and exports of an audit log: for anybody, without signing in, without asking the server.
import { FileKey2, FileText, Files, ScrollText, ShieldCheck, Stamp, Upload, X } from "lucide-react";
import { type JSX, useRef, useState } from "react";
import * as Aria from "react-aria-components";
import { useSession } from "#/api";
import { Button, IconButton } from "#/design/Button";
import { TextField } from "#/design/Field";
import { Card, Page } from "#/design/Page";
import { LinkButton } from "#/parts/LinkButton";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import styles from "./Audit.module.css";
import { AuditFrame } from "./AuditFrame";
import { type Dropped, type DroppedKind, missingOf, sortOut } from "./dropped";
import { audit } from "./messages";
import { Outcome } from "./Outcome";
import { useVerifying } from "./verifying";

const ICONS: Record<DroppedKind, typeof Files> = { receipt: Stamp, bundle: Files, key: FileKey2, head: ScrollText, entry: FileText };

/** The page. */
export function VerifyPage(): JSX.Element {
  const text = useText(audit);
  const session = useSession();
  const isKnown = session.state === "in" || session.state === "expired";
  if (isKnown) return <AuditFrame title={text.verifyTitle}><Verifier /></AuditFrame>;
  return <Page title={text.verifyTitle} actions={session.state === "out" && <LinkButton to="/">{text.signIn}</LinkButton>}><Verifier /></Page>;
}

function Verifier(): JSX.Element {
  const text = useText(audit);
  const [dropped, setDropped] = useState<readonly Dropped[]>([]);
  const [key, setKey] = useState("");
  const { verifying, begin, stop, reset } = useVerifying();
  const missing = missingOf(dropped);
  const lacks = { file: text.needsFile, entry: text.needsEntry, receipt: text.needsReceipt };
  const add = async (files: readonly File[]): Promise<void> => {
    reset();
    const all = await sortOut(dropped, files);
    setDropped(all);
    const keyFile = all.find((one) => one.kind === "key");
    if (keyFile !== undefined) setKey((await keyFile.file.text()).trim());
  };
  const remove = (one: Dropped): void => { reset(); setDropped(dropped.filter((other) => other !== one)); };
  return (
    <>
      <p className={styles["note"]}>{text.verifyWhy}</p>
      <DropHere onFiles={(files) => { void add(files); }} />
      {dropped.length > 0 && <DroppedList dropped={dropped} onRemove={remove} />}
      <TextField mono label={text.publicKey} description={text.keyHelp} value={key} onChange={(typed) => { reset(); setKey(typed); }} error={verifying.state === "fault" && verifying.of === "key" ? text.keyBad : undefined} />
      <div className={styles["inline"]}>
        <Button variant="primary" icon={ShieldCheck} isDisabled={missing !== null || key.trim() === ""} isPending={verifying.state === "running"} onPress={() => { begin(dropped, key); }}>{text.verify}</Button>
        {verifying.state === "running" && <Button onPress={stop}>{text.stop}</Button>}
        {dropped.length > 0 && (missing !== null || key.trim() === "") && <span className={styles["faint"]}>{missing === null ? text.needsKey : lacks[missing]}</span>}
      </div>
      <Outcome verifying={verifying} />
    </>
  );
}

function DropHere({ onFiles }: { onFiles: (files: readonly File[]) => void }): JSX.Element {
  const text = useText(audit);
  const input = useRef<HTMLInputElement>(null);
  const taken = async (items: readonly Aria.DropItem[]): Promise<void> => {
    onFiles(await Promise.all(items.filter((item) => item.kind === "file").map((item) => item.getFile())));
  };
  return (
    <Aria.DropZone aria-label={text.drop} className={styles["drop"] ?? ""} onDrop={({ items }) => { void taken(items); }}>
      <Upload size={24} aria-hidden />
      <h2>{text.drop}</h2>
      <p>{text.dropWhy}</p>
      <input ref={input} type="file" multiple hidden aria-label={text.choose} onChange={(event) => { onFiles([...(event.target.files ?? [])]); event.target.value = ""; }} />
      <Button onPress={() => { input.current?.click(); }}>{text.choose}</Button>
    </Aria.DropZone>
  );
}

function DroppedList({ dropped, onRemove }: { dropped: readonly Dropped[]; onRemove: (one: Dropped) => void }): JSX.Element {
  const text = useText(audit);
  const format = useFormat();
  const words: Record<DroppedKind, string> = { receipt: text.isReceipt, entry: text.isEntry, bundle: text.isBundle, key: text.isKey, head: text.isHead };
  return (
    <Card title={text.files}>
      <ul className={styles["files"]}>
        {dropped.map((one) => {
          const Icon = ICONS[one.kind];
          return (
            <li key={one.kind} className={styles["file"]}>
              <Icon size={16} aria-hidden /><span>{words[one.kind]}</span><span className={styles["fileName"]} title={one.name}>{one.name}</span><span className={styles["faint"]}>{format.bytes(one.file.size)}</span>
              <IconButton icon={X} label={text.removeFile(one.name)} onPress={() => { onRemove(one); }} />
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
