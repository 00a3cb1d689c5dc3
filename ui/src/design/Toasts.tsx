// Short notices that pass by themselves. What must not be missed is a banner, not a toast.
import { X } from "lucide-react";
import { type JSX, useEffect, useSyncExternalStore } from "react";
import { store } from "#/base/store";
import { useText } from "#/text/messages";
import { IconButton } from "./Button";
import { classes } from "./classes";
import { kit } from "./messages";
import styles from "./Toasts.module.css";

interface Notice {
  id: number;
  text: string;
  tone: "plain" | "danger";
}

const SHOWN_MAX = 4;
const STAYS_MILLISECONDS = 6_000;
const notices = store<readonly Notice[]>([]);
let lastId = 0;

/** Shows a notice for a few seconds. */
export function toast(text: string, tone: Notice["tone"] = "plain"): void {
  lastId += 1;
  notices.set([...notices.get().filter((notice) => notice.text !== text), { id: lastId, text, tone }].slice(-SHOWN_MAX));
}

const drop = (id: number): void => { notices.set(notices.get().filter((notice) => notice.id !== id)); };

/** The place where notices are shown: once, in the shell. */
export function Toasts(): JSX.Element {
  const text = useText(kit);
  const shown = useSyncExternalStore(notices.watch, notices.get);
  return (
    <section className={styles["toasts"]} aria-label={text.notices} aria-live="polite">
      {shown.map((notice) => <One key={notice.id} notice={notice} dismiss={text.dismiss} />)}
    </section>
  );
}

function One({ notice, dismiss }: { notice: Notice; dismiss: string }): JSX.Element {
  useEffect(() => {
    const timer = setTimeout(() => { drop(notice.id); }, STAYS_MILLISECONDS);
    return () => { clearTimeout(timer); };
  }, [notice.id]);
  return (
    <div className={classes(styles["toast"], styles[notice.tone])}>
      <span>{notice.text}</span>
      <IconButton icon={X} label={dismiss} onPress={() => { drop(notice.id); }} />
    </div>
  );
}
