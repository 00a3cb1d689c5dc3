// An edge: what is carried, over which jobs, since when, and what is done to the values, by column.
import { Link } from "@tanstack/react-router";
import { ArrowDown, EyeOff } from "lucide-react";
import type { JSX } from "react";
import { When } from "#/design/Bits";
import { Chip } from "#/design/Chip";
import { Facts } from "#/design/Page";
import { useText } from "#/text/messages";
import type { Actions } from "../actions";
import styles from "../Explorer.module.css";
import { lineage } from "../messages";
import { details } from "./messages";
import type { Graph, GraphEdge } from "../model/graph";
import { nameOf } from "../said";

const SHOWN = 60;

/** The edge, or the edges, between two nodes. */
export function EdgePanel({ graph, source, target, actions }: { graph: Graph; source: number; target: number; actions: Actions }): JSX.Element | null {
  const text = useText(lineage);
  const own = useText(details);
  const [from, to] = [graph.nodes[source], graph.nodes[target]];
  const edges = graph.edges.filter((edge) => edge.source === source && edge.target === target);
  if (!from || !to) return null;
  return (
    <>
      <h2 className={styles["panelTitle"]}>{text.edge}</h2>
      <div className={styles["edgeEnds"]}>
        <button type="button" className={styles["nodeLink"]} onClick={() => { actions.select(from, null); }}>{nameOf(text, from)}</button>
        <ArrowDown size={14} aria-hidden />
        <button type="button" className={styles["nodeLink"]} onClick={() => { actions.select(to, null); }}>{nameOf(text, to)}</button>
      </div>
      {edges.slice(0, SHOWN).map((edge, place) => <One key={place} edge={edge} />)}
      {edges.length > SHOWN && <p>{own.moreOnes(edges.length - SHOWN)}</p>}
    </>
  );
}

function One({ edge }: { edge: GraphEdge }): JSX.Element {
  const text = useText(lineage);
  const own = useText(details);
  const { told } = edge;
  const isColumn = edge.sourceField !== null || edge.targetField !== null;
  const jobs = told && (told.jobs.length > 0 || told.hiddenJobs > 0);
  return (
    <section className={styles["edge"]}>
      {isColumn && <h3 className={styles["edgeTitle"]}>{edge.sourceField ?? text.whole} → {edge.targetField ?? text.whole}</h3>}
      <Facts facts={[
        { name: text.carries, value: <>{text[edge.carry]}{edge.weight > 1 && <span> · {text.stands(edge.weight)}</span>}{edge.passes > 0 && <span> · {text.passes(edge.passes)}</span>}</> },
        { name: own.origin, value: own[edge.origin] },
        ...(told && told.seen.first !== "" ? [{ name: own.seen, value: <><When at={told.seen.first} /> – <When at={told.seen.last} />, {own.seenRuns(told.seen.runs)}</> }] : []),
        ...(jobs ? [{ name: text.over, value: <ul>{told.jobs.map((job) => <li key={job.id}><Link to="/jobs/$namespace/$name/{-$tab}" params={{ namespace: job.namespace, name: job.name }}>{job.name}</Link></li>)}{told.hiddenJobs > 0 && <li>{text.moreJobs(told.hiddenJobs)}</li>}</ul> }] : []),
        ...(told && told.transformations.length > 0 ? [{ name: own.transformations, value: (
          <ul className={styles["done"]}>
            {told.transformations.map((one, place) => <li key={place}><code>{[one.type, one.subtype].filter(Boolean).join(" ")}</code> {one.masking && <Chip icon={EyeOff}>{own.masking}</Chip>} {one.description}</li>)}
          </ul>
        ) }] : []),
      ]} />
    </section>
  );
}
