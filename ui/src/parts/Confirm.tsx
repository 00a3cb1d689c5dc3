// Asks before something is done that cannot, or not easily, be undone. Says in facts what will happen; where it is for
// good, a word has to be typed.
import { type JSX, type ReactNode, useState } from "react";
import { useMutation } from "@tanstack/react-query";
import { Button } from "#/design/Button";
import { TextField } from "#/design/Field";
import { Dialog } from "#/design/Overlay";
import { useText } from "#/text/messages";
import styles from "./Confirm.module.css";
import { parts } from "./messages";
import { ProblemBanner } from "./ProblemBanner";

interface ConfirmProps {
  title: string;
  /** What will happen, each a sentence. */
  facts: readonly ReactNode[];
  /** What the button says: the act, not "OK". */
  act: string;
  /** What has to be typed first. */
  word?: string | undefined;
  /** More to fill in, before the word. */
  children?: ReactNode;
  isReady?: boolean;
  /** Whether it takes nothing away. */
  isHarmless?: boolean;
  onAct: () => Promise<unknown>;
  onClose: () => void;
}

/** The question. Stays open, with what went wrong, where it was not done. */
export function Confirm({ title, facts, act, word, children, isReady = true, isHarmless = false, onAct, onClose }: ConfirmProps): JSX.Element {
  const text = useText(parts);
  const [typed, setTyped] = useState("");
  const doing = useMutation({ mutationFn: onAct, onSuccess: onClose });
  const isTyped = word === undefined || typed.trim() === word;
  return (
    <Dialog
      title={title} isOpen onClose={onClose} isStrict={!isHarmless} size="medium"
      actions={<>
        <Button onPress={onClose}>{text.cancel}</Button>
        <Button variant={isHarmless ? "primary" : "danger"} isDisabled={!isTyped || !isReady} isPending={doing.isPending} onPress={() => { doing.mutate(); }}>{act}</Button>
      </>}
    >
      {facts.length > 0 && <ul className={styles["facts"]}>{facts.map((fact, place) => <li key={place}>{fact}</li>)}</ul>}
      {children}
      {word !== undefined && <TextField label={text.typeToConfirm(word)} value={typed} onChange={setTyped} autoComplete="off" mono />}
      {doing.error && <ProblemBanner problem={doing.error} />}
    </Dialog>
  );
}
