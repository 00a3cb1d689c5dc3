// The alarm: the log went back, or is another than the one that this browser saw. Stays until somebody acknowledges it.
import { ShieldAlert } from "lucide-react";
import { type JSX, useState, useSyncExternalStore } from "react";
import { CopyButton } from "#/design/Bits";
import { Button } from "#/design/Button";
import { Dialog } from "#/design/Overlay";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import styles from "./Audit.module.css";
import { audit } from "./messages";
import { acknowledge, alarm, type Kept } from "./seen_head";

/** The alarm, if there is one. */
export function AlarmBanner(): JSX.Element | null {
  const text = useText(audit);
  const raised = useSyncExternalStore(alarm.watch, alarm.get);
  const [isAsking, setAsking] = useState(false);
  if (raised === null) return null;
  const isBack = raised.kind === "rolled-back";
  return (
    <section className={styles["alarm"]} role="alert">
      <h2 className={styles["alarmTitle"]}><ShieldAlert size={20} aria-hidden />{isBack ? text.alarmBack : text.alarmFork}</h2>
      <p>{isBack ? text.alarmBackWhy : text.alarmForkWhy} {text.alarmDo}</p>
      <dl className={styles["alarmHeads"]}>
        <HeadOf name={text.alarmKept} head={raised.kept} />
        <HeadOf name={text.alarmNow} head={raised.now} />
      </dl>
      <div className={styles["alarmActions"]}>
        <Button variant="danger" onPress={() => { setAsking(true); }}>{text.acknowledge}</Button>
        <CopyButton text={JSON.stringify(raised)} label={text.copyHeads} />
      </div>
      <Dialog title={text.acknowledgeTitle} isOpen={isAsking} isStrict onClose={() => { setAsking(false); }} actions={<><Button onPress={() => { setAsking(false); }}>{text.cancel}</Button><Button variant="danger" onPress={() => { setAsking(false); acknowledge(); }}>{text.acknowledgeDo}</Button></>}>
        <p>{text.acknowledgeWhy}</p>
      </Dialog>
    </section>
  );
}

function HeadOf({ name, head }: { name: string; head: Kept }): JSX.Element {
  const text = useText(audit);
  const format = useFormat();
  return <div><dt>{name}</dt><dd>{text.size}: {format.number(head.size)}</dd><dd>{text.root}: <code>{head.root}</code></dd></div>;
}
