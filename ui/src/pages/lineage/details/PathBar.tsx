// A path from A to B: its ends, which of the paths is shown, what each step does.
import { ArrowLeftRight, ArrowRight, ChevronLeft, ChevronRight, X } from "lucide-react";
import type { JSX } from "react";
import type { UseQueryResult } from "@tanstack/react-query";
import { type Api, asProblem } from "#/api";
import { Button, IconButton } from "#/design/Button";
import { Chip } from "#/design/Chip";
import { useText } from "#/text/messages";
import type { Actions } from "../actions";
import styles from "../Explorer.module.css";
import { lineage } from "../messages";
import { details } from "./messages";
import type { GraphNode } from "../model/graph";
import type { LineageView } from "../view";

interface PathBarProps {
  view: LineageView;
  actions: Actions;
  query: UseQueryResult<Api.Paths>;
  nodes: readonly GraphNode[];
  onEnd: () => void;
}

/** Returns how an end of a path is called. */
function endName(reference: string, nodes: readonly GraphNode[]): string {
  const [kind = "", ...rest] = reference.split(":");
  const id = rest.join(":");
  if (kind === "datasetField") return rest.slice(-2).join(".");
  return nodes.find((node) => node.id === id)?.name ?? id;
}

/** The bar. */
export default function PathBar({ view, actions: { show }, query, nodes, onEnd }: PathBarProps): JSX.Element {
  const text = useText(lineage);
  const own = useText(details);
  const { from, to, k } = view;
  const paths = query.data?.paths ?? [];
  const path = paths[Math.min(k, paths.length - 1)];
  const named = (reference: string, missing: string): JSX.Element => (reference === "" ? <em className={styles["pick"]}>{missing}</em> : <Chip>{endName(reference, nodes)}</Chip>);
  return (
    <section className={styles["pathBar"]} aria-label={text.path}>
      <div className={styles["pathEnds"]}>
        {named(from, own.pickFrom)}
        <ArrowRight size={14} aria-hidden />
        {named(to, from === "" ? "" : own.pickTo)}
        {from !== "" && to !== "" && <IconButton icon={ArrowLeftRight} label={own.swap} onPress={() => { show({ from: to, to: from, k: 0 }); }} />}
        {path && (
          <span className={styles["pathStep"]} role="status">
            <IconButton icon={ChevronLeft} label={own.previousPath} isDisabled={k === 0} onPress={() => { show({ k: k - 1 }); }} />
            {own.pathAt(Math.min(k, paths.length - 1) + 1, query.data?.more ? own.atLeast(paths.length) : String(paths.length))}
            <IconButton icon={ChevronRight} label={own.nextPath} isDisabled={k >= paths.length - 1} onPress={() => { show({ k: k + 1 }); }} />
            <Chip>{own.hops(path.hops)}</Chip><Chip tone={path.carry === "direct" ? "info" : "plain"}>{text.carries}: {text[path.carry]}</Chip>
          </span>
        )}
        {query.data && paths.length === 0 && <span role="status">{own.noPath} <Button variant="quiet" onPress={() => { show({ from: to, to: from, k: 0 }); }}>{own.otherWay}</Button></span>}
        {query.data?.truncated.work && <span>{own.pathCut}</span>}
        {query.error && from !== "" && to !== "" && <span role="alert">{asProblem(query.error).detail}</span>}
        <IconButton icon={X} label={own.endPath} onPress={onEnd} />
      </div>
      {path && <Steps path={path} />}
    </section>
  );
}

/** The steps of a path, in words. */
function Steps({ path }: { path: Api.Path }): JSX.Element {
  const text = useText(lineage);
  const own = useText(details);
  return (
    <ol className={styles["pathSteps"]}>
      {path.nodes.map((node, place) => {
        const step = path.steps[place - 1];
        const done = step?.transformations.map((one) => one.description ?? one.subtype ?? one.type).join(", ") ?? "";
        const over = step && step.jobs.length > 0 ? own.pathOver(step.jobs.map((job) => job.name).join(", ")) : "";
        return (
          <li key={place}>
            {place > 0 && <span className={styles["pathVia"]} title={[done, over].filter(Boolean).join(" · ")}>{[done, over].filter(Boolean).join(" · ") || "→"}</span>}
            <span className={styles["pathNode"]} title={node.namespace}>{node.kind === "hidden" ? text.hiddenNode : node.name.split("/").slice(-2).join("/")}{node.field ? `.${node.field}` : ""}</span>
          </li>
        );
      })}
    </ol>
  );
}
