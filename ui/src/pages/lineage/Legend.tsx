// What the lines mean: only of what the graph shows. With a tag laid over it, how often it is carried, assumed, stopped.
import type { JSX } from "react";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import styles from "./Explorer.module.css";
import { lineage } from "./messages";
import type { Flow } from "./model/flow";
import type { Graph } from "./model/graph";
import { type LineStyle, styleOf } from "./model/scene";

const SAID = { plain: "lCarries", masked: "lMasked", indirect: "lIndirect", inferred: "lInferred", hidden: "lHidden", added: "lAdded", removed: "lRemoved" } as const satisfies Record<LineStyle, string>;
const DASHES: Record<LineStyle, string> = { plain: "", masked: "9 3 2 3", indirect: "2 4", inferred: "6 4", hidden: "3 5", added: "", removed: "7 4" };

/** The legend. */
export function Legend({ graph, flow, tone, tag }: { graph: Graph; flow: Flow | null; tone: "pii" | "special" | "plain" | null; tag: string }): JSX.Element {
  const text = useText(lineage);
  const format = useFormat();
  const shown = new Set(graph.edges.map(styleOf));
  const count = (kind: "direct" | "assumed" | "stopped"): string => format.number(flow?.edges.filter((one) => one === kind).length ?? 0);
  const line = (dashes: string, className: string | undefined): JSX.Element => <svg width="28" height="8" aria-hidden className={className}><path d="M0 4H28" strokeDasharray={dashes} /></svg>;
  return (
    <ul className={styles["legend"]} aria-label={text.legend}>
      {flow && tone && (
        <>
          <li className={styles[tone]}><strong>{tag}</strong></li>
          <li className={styles[tone]}>{line("", styles["thick"])}{text.flowDirect} {count("direct")}</li>
          <li className={styles[tone]}>{line("6 4", styles["thick"])}{text.flowAssumed} {count("assumed")}</li>
          <li className={styles[tone]}>{line("9 3 2 3", undefined)}{text.flowStopped} {count("stopped")}</li>
        </>
      )}
      {(Object.keys(SAID) as LineStyle[]).filter((style) => shown.has(style)).map((style) => <li key={style} className={styles[style]}>{line(DASHES[style], undefined)}{text[SAID[style]]}</li>)}
    </ul>
  );
}
