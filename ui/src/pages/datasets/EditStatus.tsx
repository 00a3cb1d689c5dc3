// How a change is: being saved, saved and may be undone, overtaken by somebody else's, refused.
import { Check, LoaderCircle } from "lucide-react";
import type { JSX } from "react";
import { Button } from "#/design/Button";
import { Banner } from "#/design/State";
import { ProblemBanner } from "#/parts/ProblemBanner";
import { useText } from "#/text/messages";
import styles from "./Edit.module.css";
import { datasets } from "./messages";
import type { EditState } from "./use_edit";

/** The line below an editor. `write` puts a value into words. */
export function EditStatus<V>({ state, forget, write }: { state: EditState<V>; forget: () => void; write: (value: V) => string }): JSX.Element | null {
  const text = useText(datasets);
  switch (state.is) {
    case "none": return null;
    case "saving": return <p className={styles["status"]} role="status"><LoaderCircle size={14} className={styles["turning"]} aria-hidden />{text.saving}</p>;
    case "saved": return (
      <p className={styles["status"]} role="status">
        <Check size={14} aria-hidden />{text.saved}
        <Button variant="quiet" onPress={state.undo}>{text.undo}</Button>
      </p>
    );
    case "conflict": return (
      <Banner tone="warn" actions={<><Button onPress={forget}>{text.takeTheirs}</Button><Button onPress={state.keepMine}>{text.keepMine}</Button></>}>
        <p>{text.conflict}</p>
        <dl className={styles["sides"]}>
          <dt>{text.theirs}</dt><dd>{write(state.theirs) || text.nothing}</dd>
          <dt>{text.mine}</dt><dd>{write(state.mine) || text.nothing}</dd>
        </dl>
      </Banner>
    );
    case "refused": return (
      <>
        <ProblemBanner problem={state.problem} onRetry={state.retry} />
        <dl className={styles["sides"]}><dt>{text.mine}</dt><dd>{write(state.mine) || text.nothing}</dd></dl>
      </>
    );
  }
}
