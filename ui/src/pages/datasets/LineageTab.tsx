// What is right around the dataset, as two lists; the explorer shows the rest.
import { ArrowDownToLine, ArrowUpFromLine } from "lucide-react";
import type { JSX } from "react";
import type { Api } from "#/api";
import { When } from "#/design/Bits";
import { Chip } from "#/design/Chip";
import { Cut } from "#/design/Cut";
import { Card } from "#/design/Page";
import { Banner, Empty } from "#/design/State";
import { EntityLink, LinkButton } from "#/parts/LinkButton";
import { Loaded } from "#/parts/Loaded";
import { useText } from "#/text/messages";
import { type Dataset, type TabProps, useNeighbours } from "./dataset";
import styles from "./Dataset.module.css";
import { datasets } from "./messages";
import { type Step, stepsOf } from "./steps";

/** The tab. */
export function LineageTab({ dataset }: TabProps): JSX.Element {
  const query = useNeighbours(dataset, "table");
  return <Loaded query={query}>{(graph) => <Around dataset={dataset} graph={graph} />}</Loaded>;
}

function Around({ dataset, graph }: { dataset: Dataset; graph: Api.GraphBody }): JSX.Element {
  const text = useText(datasets);
  const { up, down } = stepsOf(graph, dataset.id);
  const { namespace, name } = dataset;
  const explore = <LinkButton to="/lineage/$kind/$namespace/$name" params={{ kind: "dataset", namespace, name }}>{text.explore}</LinkButton>;
  if (up.length + down.length === 0) return <Empty title={text.noLineage}><p>{text.noLineageWhy}</p></Empty>;
  const { leftOut, nodes, work } = graph.truncated;
  return (
    <div className={styles["stack"]}>
      {(nodes || work) && <Banner tone="warn" actions={explore}>{text.leftOut(leftOut)}</Banner>}
      <div className={styles["halves"]}>
        <Side title={text.comesFrom} none={text.comesFromNothing} steps={up} />
        <Side title={text.goesTo} none={text.goesNowhere} steps={down} />
      </div>
    </div>
  );
}

function Side({ title, none, steps }: { title: string; none: string; steps: readonly Step[] }): JSX.Element {
  const text = useText(datasets);
  return (
    <Card title={`${title} · ${steps.length}`} isFlush>
      {steps.length === 0 && <p className={styles["none"]}>{none}</p>}
      <ul>{steps.map((step) => <li key={step.key} className={styles["step"]}>{step.hidden > 0 ? <p className={styles["subtle"]}>{text.hiddenThings(step.hidden)}</p> : <Known step={step} />}</li>)}</ul>
    </Card>
  );
}

function Known({ step }: { step: Step }): JSX.Element {
  const text = useText(datasets);
  const { node, edge } = step;
  return (
    <>
      <div className={styles["stepHead"]}>
        <EntityLink kind={node.kind} namespace={node.namespace} name={node.name} className={styles["stepName"]}><Cut text={node.name} /></EntityLink>
        {node.deleted && <Chip tone="warn">{text.deleted}</Chip>}
        {!edge.current && <Chip>{text.noLonger}</Chip>}
        {node.moreUp > 0 && <span className={styles["more"]} title={text.moreUp(node.moreUp)}><ArrowDownToLine size={12} aria-hidden />{node.moreUp}</span>}
        {node.moreDown > 0 && <span className={styles["more"]} title={text.moreDown(node.moreDown)}><ArrowUpFromLine size={12} aria-hidden />{node.moreDown}</span>}
      </div>
      <Cut text={node.namespace} className={styles["subtle"]} />
      <p className={styles["via"]}>
        {edge.jobs.length > 0 && <>{text.via} {edge.jobs.map((job, place) => <span key={job.id}>{place > 0 && ", "}<EntityLink kind="job" namespace={job.namespace} name={job.name}>{job.name}</EntityLink></span>)} · </>}
        {edge.hiddenJobs > 0 && <>{text.hiddenJobs(edge.hiddenJobs)} · </>}
        {text.seen(edge.seen.runs)} · <When at={edge.seen.last} />
      </p>
    </>
  );
}
