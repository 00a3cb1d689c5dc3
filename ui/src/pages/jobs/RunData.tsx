// What a run read or wrote, and how much; what else it said of each dataset opens below.
import type { JSX } from "react";
import type { Api } from "#/api";
import { Cut } from "#/design/Cut";
import { Card } from "#/design/Page";
import { EntityLink } from "#/parts/LinkButton";
import { FacetList } from "#/parts/Raw";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import styles from "./Jobs.module.css";
import { jobs } from "./messages";
import { amountOf } from "./run_facts";

/** The card. */
export function RunData({ title, none, list }: { title: string; none: string; list: readonly Api.RunDataset[] }): JSX.Element {
  return (
    <Card title={`${title} · ${list.length}`} isFlush>
      {list.length === 0 && <p className={styles["none"]}>{none}</p>}
      <ul>{list.map((one) => <li key={one.id} className={styles["data"]}><One one={one} /></li>)}</ul>
    </Card>
  );
}

function One({ one }: { one: Api.RunDataset }): JSX.Element {
  const text = useText(jobs);
  const format = useFormat();
  const { rows, bytes } = amountOf(one);
  const facets = Object.keys(one.facets).length;
  return (
    <>
      <div className={styles["dataHead"]}>
        <EntityLink kind="dataset" namespace={one.namespace} name={one.name} className={styles["name"]}><Cut text={one.name} /></EntityLink>
        <span className={styles["amount"]}>{[rows === null ? "" : text.rowCount(rows), bytes === null ? "" : format.bytes(bytes)].filter(Boolean).join(" · ")}</span>
      </div>
      <Cut text={one.namespace} className={styles["subtle"]} />
      {facets > 0 && <details><summary>{text.facetCount(facets)}</summary><FacetList facets={one.facets} none="" /></details>}
    </>
  );
}
