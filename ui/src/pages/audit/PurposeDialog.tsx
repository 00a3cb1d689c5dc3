// Asks what sealed values are opened for. The word is recorded.
import { type JSX, type SyntheticEvent, useId, useState } from "react";
import { Button } from "#/design/Button";
import { TextField } from "#/design/Field";
import { Dialog } from "#/design/Overlay";
import { useText } from "#/text/messages";
import styles from "./Audit.module.css";
import { audit } from "./messages";

const PURPOSE = /^[A-Za-z0-9_\-./]{1,128}$/;

/** The dialog. */
export function PurposeDialog({ title, why, isOpen, onClose, onOpen }: { title: string; why: string; isOpen: boolean; onClose: () => void; onOpen: (purpose: string) => void }): JSX.Element {
  const text = useText(audit);
  const form = useId();
  const [purpose, setPurpose] = useState("");
  const [isTried, setTried] = useState(false);
  const isBad = isTried && !PURPOSE.test(purpose);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    setTried(true);
    if (!PURPOSE.test(purpose)) return;
    onClose();
    onOpen(purpose);
  };
  return (
    <Dialog title={title} isOpen={isOpen} onClose={onClose} actions={<><Button onPress={onClose}>{text.cancel}</Button><Button variant="primary" type="submit" form={form}>{text.openDo}</Button></>}>
      <form id={form} className={styles["proofBody"]} noValidate onSubmit={submit}>
        <p>{why}</p>
        <TextField autoFocus label={text.purposeLabel} description={text.purposeHelp} value={purpose} onChange={setPurpose} error={isBad ? text.purposeBad : undefined} />
      </form>
    </Dialog>
  );
}
