// Small things that stand in texts: times, keys, code to copy.
import { Check, Copy } from "lucide-react";
import { type JSX, useEffect, useState } from "react";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import styles from "./Bits.module.css";
import { IconButton } from "./Button";
import { kit } from "./messages";

/** A time: how long ago, the exact one on hover; or exact with `isExact`. */
export function When({ at, isExact }: { at: string; isExact?: boolean }): JSX.Element {
  const format = useFormat();
  return <time dateTime={at} title={isExact ? at : format.dateTime(at)} className={styles["when"]}>{isExact ? format.dateTime(at) : format.ago(at)}</time>;
}

/** Keys that are pressed one after the other (`g c`) or together (`Ctrl+K`). */
export function Keys({ keys }: { keys: string }): JSX.Element {
  return <span className={styles["keys"]}>{keys.split(" ").map((key, place) => <kbd key={place}>{key}</kbd>)}</span>;
}

const THANKS_MILLISECONDS = 1_500;

/** Copies a text. */
export function CopyButton({ text: copied, label }: { text: string; label?: string }): JSX.Element {
  const text = useText(kit);
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return undefined;
    const timer = setTimeout(() => { setDone(false); }, THANKS_MILLISECONDS);
    return () => { clearTimeout(timer); };
  }, [done]);
  const copy = (): void => { void navigator.clipboard.writeText(copied).then(() => { setDone(true); }); };
  return (
    <>
      <IconButton icon={done ? Check : Copy} label={done ? text.copied : (label ?? text.copy)} onPress={copy} />
      <span className={styles["unseen"]} role="status">{done ? text.copied : ""}</span>
    </>
  );
}

/** Lines of code, to be copied. */
export function Code({ code, label }: { code: string; label: string }): JSX.Element {
  return (
    <figure className={styles["code"]} aria-label={label}>
      {/* A box that scrolls must be reachable by keyboard (WCAG 2.1.1). */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0}><code>{code}</code></pre>
      <span className={styles["copy"]}><CopyButton text={code} /></span>
    </figure>
  );
}
