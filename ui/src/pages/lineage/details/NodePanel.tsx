// A node: what is known of it, its neighbours, its columns in this lineage, and what may be done with it.
import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, ArrowRight, Columns3, EyeOff, FolderOpen, LocateFixed, SquareArrowOutUpRight } from "lucide-react";
import type { JSX } from "react";
import { ask } from "#/api";
import { When } from "#/design/Bits";
import { Button } from "#/design/Button";
import { Chip } from "#/design/Chip";
import { Facts } from "#/design/Page";
import { LinkButton } from "#/parts/LinkButton";
import { Loaded } from "#/parts/Loaded";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import type { Actions } from "../actions";
import styles from "../Explorer.module.css";
import { lineage } from "../messages";
import { details } from "./messages";
import { toneOf } from "../model/flow";
import type { GraphNode } from "../model/graph";
import type { Scene } from "../model/scene";
import type { LineageView } from "../view";
import { countsOf, nameOf } from "../said";

const SHOWN = 12;

interface NodePanelProps {
  view: LineageView;
  scene: Scene;
  place: number;
  node: GraphNode;
  actions: Actions;
  onGo: (id: string) => void;
}

/** The node. */
export function NodePanel({ view, scene, place, node, actions, onGo }: NodePanelProps): JSX.Element {
  const text = useText(lineage);
  const own = useText(details);
  const isReal = node.kind === "dataset" || node.kind === "job";
  const near = (side: "up" | "down"): GraphNode[] => [...new Set(scene.walker.steps(place, null, side).map(([other]) => other))].flatMap((other) => scene.graph.nodes[other] ?? []);
  const part = view.part === "" ? null : view.part;
  return (
    <>
      <h2 className={styles["panelTitle"]}>{nameOf(text, node)}</h2>
      {node.kind !== "hidden" && <p className={styles["panelBelow"]}>{isReal ? node.namespace : countsOf(text, node)}</p>}
      {node.kind === "hidden" && <p>{node.byHand ? own.hiddenHandWhy : own.hiddenWhy}</p>}
      <div className={styles["panelActions"]}>
        {isReal && <Button icon={SquareArrowOutUpRight} onPress={() => { actions.open(node); }}>{text.open}</Button>}
        {isReal && node.hops !== 0 && <Button icon={LocateFixed} onPress={() => { actions.refocus(node); }}>{text.refocus}</Button>}
        {node.kind === "group" && <Button icon={FolderOpen} onPress={() => { actions.openGroup(node); }}>{own.openGroup}</Button>}
        {isReal && <Button icon={ArrowRight} onPress={() => { actions.pathEnd("from", node, part); }}>{own.pathFrom}</Button>}
        {isReal && <Button icon={ArrowLeft} onPress={() => { actions.pathEnd("to", node, part); }}>{own.pathTo}</Button>}
        {node.hops !== 0 && node.kind !== "hidden" && <Button icon={EyeOff} onPress={() => { actions.hide(node); }}>{text.hideHere}</Button>}
        {node.kind === "hidden" && !node.byHand && <LinkButton to="/policies/test" search={{ do: "lineage:read" }}>{own.whyHidden}</LinkButton>}
      </div>
      {node.kind === "dataset" && <DatasetFacts id={node.id} />}
      {node.kind === "job" && <JobFacts id={node.id} />}
      {node.fields.length > 0 && <Columns node={node} part={part} actions={actions} />}
      {node.members.length > 0 && <Names title={own.members} nodes={node.members} onGo={(id) => { onGo(id); }} />}
      <Names title={own.fedBy} nodes={near("up")} more={node.moreUp} onGo={onGo} />
      <Names title={own.feeds} nodes={near("down")} more={node.moreDown} onGo={onGo} />
    </>
  );
}

function DatasetFacts({ id }: { id: string }): JSX.Element {
  const own = useText(details);
  const format = useFormat();
  const query = useQuery(ask("GET /api/v1/datasets/{id}", { path: { id } }));
  return (
    <Loaded query={query} lines={3}>
      {(dataset) => (
        <Facts facts={[
          ...(dataset.description ? [{ name: own.description, value: dataset.description }] : []),
          ...(dataset.tags.length > 0 ? [{ name: own.tags, value: <span className={styles["chips"]}>{dataset.tags.map((tag) => <Chip key={tag} tone={toneOf(tag)}>{tag}</Chip>)}</span> }] : []),
          ...(dataset.owners.length > 0 ? [{ name: own.owners, value: dataset.owners.map((owner) => owner.name).join(", ") }] : []),
          ...(dataset.writtenAt ? [{ name: own.written, value: <When at={dataset.writtenAt} /> }] : []),
          { name: own.uses, value: format.number(dataset.uses) },
        ]} />
      )}
    </Loaded>
  );
}

function JobFacts({ id }: { id: string }): JSX.Element {
  const own = useText(details);
  const query = useQuery(ask("GET /api/v1/jobs/{id}", { path: { id } }));
  return (
    <Loaded query={query} lines={2}>
      {(job) => (
        <Facts facts={[
          ...(job.description ? [{ name: own.description, value: job.description }] : []),
          ...(job.owners.length > 0 ? [{ name: own.owners, value: job.owners.map((owner) => owner.name).join(", ") }] : []),
        ]} />
      )}
    </Loaded>
  );
}

function Columns({ node, part, actions }: { node: GraphNode; part: string | null; actions: Actions }): JSX.Element {
  const own = useText(details);
  return (
    <section>
      <h3 className={styles["panelHead"]}>{own.whatColumns}</h3>
      <ul className={styles["columns"]}>
        {node.fields.map((field) => (
          <li key={field.name}>
            <button type="button" aria-pressed={field.name === part} className={styles["columnLink"]} onClick={() => { actions.select(node, field.name === part ? null : field.name); }}>{field.name}</button>
            {field.name === part && <Button variant="quiet" icon={Columns3} onPress={() => { actions.refocus(node, field.name); }}>{own.traceColumn}</Button>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Names({ title, nodes, more = 0, onGo }: { title: string; nodes: readonly GraphNode[]; more?: number; onGo: (id: string) => void }): JSX.Element | null {
  const text = useText(lineage);
  const own = useText(details);
  const left = nodes.length - SHOWN + more;
  if (nodes.length === 0 && more === 0) return null;
  return (
    <section>
      <h3 className={styles["panelHead"]}>{title}</h3>
      <ul className={styles["names"]}>
        {nodes.slice(0, SHOWN).map((node) => <li key={node.id}><button type="button" className={styles["nodeLink"]} title={node.namespace} onClick={() => { onGo(node.id); }}>{nameOf(text, node)}</button></li>)}
        {(nodes.length > SHOWN || more > 0) && left > 0 && <li className={styles["moreNames"]}>{own.moreOnes(left)}</li>}
      </ul>
    </section>
  );
}
