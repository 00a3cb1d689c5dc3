// What holds for the whole graph: cut off, grouped, hidden, folded, at another time. Each with the way back.
import type { JSX } from "react";
import type { Api } from "#/api";
import { Button } from "#/design/Button";
import { Banner } from "#/design/State";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import type { Actions } from "./actions";
import type { Tagged } from "./answers";
import styles from "./Explorer.module.css";
import { lineage } from "./messages";
import type { Derived } from "./model/derive";
import type { LineageView } from "./view";

const NODES_MAX = 20_000;
const STEP = 500;

interface NoticesProps {
  view: LineageView;
  body: Api.GraphBody;
  derived: Derived;
  actions: Actions;
  tagged: Tagged | undefined;
}

/** The notices. */
export function Notices({ view, body, derived, actions: { show }, tagged }: NoticesProps): JSX.Element {
  const text = useText(lineage);
  const format = useFormat();
  const { truncated } = body;
  const unseen = derived.whole.nodes.filter((node) => node.kind === "hidden").reduce((sum, node) => sum + node.datasets + node.jobs, 0);
  const isAutoGrouped = view.group === "auto" && derived.grouping !== "none";
  const more = Math.min(STEP, NODES_MAX - view.limit);
  const small: { key: string; said: string; undo: string; run: () => void }[] = [
    { key: "at", said: view.at === "" ? "" : text.asOf(format.dateTime(view.at)), undo: text.now, run: () => { show({ at: "" }); } },
    { key: "diff", said: view.diff === "" ? "" : `${text.since(format.dateTime(view.diff))}: ${changes(body, text)}`, undo: text.noCompare, run: () => { show({ diff: "" }); } },
    { key: "hide", said: derived.hidden > 0 ? text.hiddenHere(derived.hidden) : "", undo: text.showAgain, run: () => { show({ hide: [], only: false }); } },
    { key: "fold", said: view.fold.length > 0 ? text.folded(view.fold.length) : "", undo: text.unfoldAll, run: () => { show({ fold: [] }); } },
    { key: "more", said: view.more.length > 0 ? text.expanded(view.more.length) : "", undo: text.undoAll, run: () => { show({ more: [] }); } },
  ].filter((one) => one.said !== "");
  return (
    <>
      {(truncated.nodes || truncated.work) && (
        <Banner tone="warn" actions={truncated.nodes && more > 0 ? <Button onPress={() => { show({ limit: view.limit + more }); }}>{text.loadMore(more)}</Button> : undefined}>
          {truncated.nodes && text.cut(body.nodes.length, truncated.leftOut)} {truncated.work && text.cutWork}
        </Banner>
      )}
      {isAutoGrouped && <Banner actions={<Button onPress={() => { show({ group: "none" }); }}>{text.showAll}</Button>}>{text.grouped(derived.whole.nodes.length, derived.shown.nodes.length)}</Banner>}
      {tagged?.isCut && view.overlay !== "" && <Banner tone="warn">{text.tagsCut(tagged.ids.size)}</Banner>}
      {(small.length > 0 || unseen > 0) && (
        <div className={styles["notes"]}>
          {unseen > 0 && <span className={styles["note"]}>{text.noLevel(unseen)}</span>}
          {small.map((one) => <span key={one.key} className={styles["note"]}>{one.said} <Button variant="quiet" className={styles["undo"]} onPress={one.run}>{one.undo}</Button></span>)}
        </div>
      )}
    </>
  );
}

function changes(body: Api.GraphBody, text: { changes: (added: number, removed: number) => string }): string {
  const count = (change: Api.Change): number => body.nodes.filter((node) => node.change === change).length + body.edges.filter((edge) => edge.change === change).length;
  return text.changes(count("added"), count("removed"));
}
