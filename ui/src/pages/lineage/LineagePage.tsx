// The lineage explorer: asks for the graph and shows it in all states.
import { getRouteApi } from "@tanstack/react-router";
import { Waypoints } from "lucide-react";
import { type JSX, useEffect } from "react";
import { Button } from "#/design/Button";
import { Empty, Skeleton } from "#/design/State";
import { Loaded } from "#/parts/Loaded";
import { useText } from "#/text/messages";
import { type Actions, useActions } from "./actions";
import { useGraph, useReducer } from "./answers";
import { Explorer } from "./Explorer";
import styles from "./Explorer.module.css";
import { Head } from "./Head";
import { lineage } from "./messages";
import type { LineageView } from "./view";

const route = getRouteApi("/lineage/$kind/$namespace/$name");

/** The page. */
export function LineagePage(): JSX.Element {
  const text = useText(lineage);
  const params = route.useParams();
  const focus = { ...params, kind: params.kind === "job" ? "job" : "dataset" };
  const view = route.useSearch();
  const query = useGraph(focus, view);
  const reducer = useReducer(query.data, view);
  const actions = useActions(focus, view, null);
  useEffect(() => { document.title = `${text.of(focus.name)} · Lethe`; }, [text, focus.name]);
  return (
    <div className={styles["page"]}>
      <Head focus={focus} view={view} actions={actions} />
      <div className={styles["answer"]} data-empty={query.data === undefined}>
        <Loaded query={query} lines={10}>
          {(body) => (body.nodes.length < 2 && view.diff === "" && !body.truncated.nodes
            ? <Alone view={view} actions={actions} isJob={focus.kind === "job"} />
            : reducer ? <Explorer focus={focus} view={view} body={body} reducer={reducer} /> : <Skeleton lines={10} />)}
        </Loaded>
      </div>
    </div>
  );
}

/** Nothing but the focus: why, and what to do. */
function Alone({ view, actions, isJob }: { view: LineageView; actions: Actions; isJob: boolean }): JSX.Element {
  const text = useText(lineage);
  const isColumns = view.level === "column";
  const toTables = <Button onPress={() => { actions.show({ level: "table", col: "" }); }}>{text.toTables}</Button>;
  const past = <Button onPress={() => { actions.show({ past: true }); }}>{text.pastLong}</Button>;
  return (
    <Empty title={isColumns ? text.aloneColumns : text.alone} icon={Waypoints} actions={<>{isColumns && toTables}{!view.past && past}</>}>
      <p>{isColumns ? (isJob ? text.jobColumns : text.aloneColumnsWhy) : text.aloneWhy}</p>
    </Empty>
  );
}
