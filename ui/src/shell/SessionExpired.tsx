// The session ended in the middle of work: sign in again over the page, which stays as it is.
import { useQueryClient } from "@tanstack/react-query";
import type { JSX } from "react";
import { giveUp } from "#/api";
import { Button } from "#/design/Button";
import { Dialog } from "#/design/Overlay";
import { useText } from "#/text/messages";
import { signInText } from "./messages";
import { SignInForm } from "./SignInForm";

/** The dialog. */
export default function SessionExpired({ name }: { name: string }): JSX.Element {
  const text = useText(signInText);
  const client = useQueryClient();
  // Somebody else may have signed in, who sees other things.
  const done = (): void => { void client.invalidateQueries(); };
  return (
    <Dialog title={text.expiredTitle} isOpen onClose={giveUp} isStrict actions={<Button variant="quiet" onPress={giveUp}>{text.leave}</Button>}>
      <p>{text.expired(name)}</p>
      <SignInForm name={name} onDone={done} />
    </Dialog>
  );
}
