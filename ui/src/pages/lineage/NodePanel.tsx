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
import type { Actions } from "./actions";
import styles from "./Explorer.module.css";
import { lineage } from "./messages";
import { toneOf } from "./model/flow";
import type { GraphNode } from "./model/graph";
import type { Scene } from "./model/scene";
import type { LineageView } from "./routes";
import { countsOf, nameOf } from "./said";

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
  const isReal = node.kind === "dataset" || node.kind === "job";
  const near = (side: "up" | "down"): GraphNode[] => [...new Set(scene.walker.steps(place, null, side).map(([other]) => other))].flatMap((other) => scene.graph.nodes[other] ?? []);
  const part = view.part === "" ? null : view.part;
  return (
    <>
      <h2 className={styles["panelTitle"]}>{nameOf(text, node)}</h2>
      <p className={styles["panelBelow"]}>{isReal ? node.namespace : countsOf(text, node)}</p>
      {node.kind === "hidden" && <p>{node.byHand ? text.hiddenHandWhy : text.hiddenWhy}</p>}
      <div className={styles["panelActions"]}>
        {isReal && <Button icon={SquareArrowOutUpRight} onPress={() => { actions.open(node); }}>{text.open}</Button>}
        {isReal && node.hops !== 0 && <Button icon={LocateFixed} onPress={() => { actions.refocus(node); }}>{text.refocus}</Button>}
        {node.kind === "group" && <Button icon={FolderOpen} onPress={() => { actions.openGroup(node); }}>{text.openGroup}</Button>}
        {isReal && <Button icon={ArrowRight} onPress={() => { actions.pathEnd("from", node, part); }}>{text.pathFrom}</Button>}
        {isReal && <Button icon={ArrowLeft} onPress={() => { actions.pathEnd("to", node, part); }}>{text.pathTo}</Button>}
        {node.hops !== 0 && node.kind !== "hidden" && <Button icon={EyeOff} onPress={() => { actions.hide(node); }}>{text.hideHere}</Button>}
        {node.kind === "hidden" && !node.byHand && <LinkButton to="/policies/test" search={{ do: "lineage:read" }}>{text.whyHidden}</LinkButton>}
      </div>
      {node.kind === "dataset" && <DatasetFacts id={node.id} />}
      {node.kind === "job" && <JobFacts id={node.id} />}
      {node.fields.length > 0 && <Columns node={node} part={part} actions={actions} />}
      {node.members.length > 0 && <Names title={text.members} nodes={node.members} onGo={(id) => { onGo(id); }} />}
      <Names title={text.fedBy} nodes={near("up")} more={node.moreUp} onGo={onGo} />
      <Names title={text.feeds} nodes={near("down")} more={node.moreDown} onGo={onGo} />
    </>
  );
}

function DatasetFacts({ id }: { id: string }): JSX.Element {
  const text = useText(lineage);
  const format = useFormat();
  const query = useQuery(ask("GET /api/v1/datasets/{id}", { path: { id } }));
  return (
    <Loaded query={query} lines={3}>
      {(dataset) => (
        <Facts facts={[
          ...(dataset.description ? [{ name: text.description, value: dataset.description }] : []),
          ...(dataset.tags.length > 0 ? [{ name: text.tags, value: <span className={styles["chips"]}>{dataset.tags.map((tag) => <Chip key={tag} tone={toneOf(tag)}>{tag}</Chip>)}</span> }] : []),
          ...(dataset.owners.length > 0 ? [{ name: text.owners, value: dataset.owners.map((owner) => owner.name).join(", ") }] : []),
          ...(dataset.writtenAt ? [{ name: text.written, value: <When at={dataset.writtenAt} /> }] : []),
          { name: text.uses, value: format.number(dataset.uses) },
        ]} />
      )}
    </Loaded>
  );
}

function JobFacts({ id }: { id: string }): JSX.Element {
  const text = useText(lineage);
  const query = useQuery(ask("GET /api/v1/jobs/{id}", { path: { id } }));
  return (
    <Loaded query={query} lines={2}>
      {(job) => (
        <Facts facts={[
          ...(job.description ? [{ name: text.description, value: job.description }] : []),
          ...(job.owners.length > 0 ? [{ name: text.owners, value: job.owners.map((owner) => owner.name).join(", ") }] : []),
        ]} />
      )}
    </Loaded>
  );
}

function Columns({ node, part, actions }: { node: GraphNode; part: string | null; actions: Actions }): JSX.Element {
  const text = useText(lineage);
  return (
    <section>
      <h3 className={styles["panelHead"]}>{text.whatColumns}</h3>
      <ul className={styles["columns"]}>
        {node.fields.map((field) => (
          <li key={field.name}>
            <button type="button" aria-pressed={field.name === part} className={styles["columnLink"]} onClick={() => { actions.select(node, field.name === part ? null : field.name); }}>{field.name}</button>
            {field.name === part && <Button variant="quiet" icon={Columns3} onPress={() => { actions.refocus(node, field.name); }}>{text.traceColumn}</Button>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Names({ title, nodes, more = 0, onGo }: { title: string; nodes: readonly GraphNode[]; more?: number; onGo: (id: string) => void }): JSX.Element | null {
  const text = useText(lineage);
  const left = nodes.length - SHOWN + more;
  if (nodes.length === 0 && more === 0) return null;
  return (
    <section>
      <h3 className={styles["panelHead"]}>{title}</h3>
      <ul className={styles["names"]}>
        {nodes.slice(0, SHOWN).map((node) => <li key={node.id}><button type="button" className={styles["nodeLink"]} title={node.namespace} onClick={() => { onGo(node.id); }}>{nameOf(text, node)}</button></li>)}
        {(nodes.length > SHOWN || more > 0) && left > 0 && <li className={styles["moreNames"]}>{text.moreOnes(left)}</li>}
      </ul>
    </section>
  );
}
