// Which columns hold personal data, as their tags say.
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { Card } from "#/design/Page";
import { personalData } from "#/parts/personal_data";
import { Tags } from "#/parts/Tags";
import { useText } from "#/text/messages";
import type { TabProps } from "./dataset";
import styles from "./Dataset.module.css";
import { datasets } from "./messages";

const SHOWN = 12;

/** The card; nothing if no column is marked. */
export function PersonalColumns({ dataset }: TabProps): JSX.Element | null {
  const text = useText(datasets);
  const { namespace, name } = dataset;
  const marked = dataset.columns.filter((column) => column.tags.some((tag) => personalData(tag) !== null));
  if (marked.length === 0) return null;
  const params = { namespace, name, tab: "schema" };
  return (
    <Card title={text.personalColumns} isFlush actions={<Link to="/datasets/$namespace/$name/{-$tab}" params={params} search={{ personal: true }}>{text.allPersonal(marked.length)}</Link>}>
      <ul>
        {marked.slice(0, SHOWN).map((column) => (
          <li key={column.name} className={styles["row"]}>
            <Link to="/datasets/$namespace/$name/{-$tab}" params={params} search={{ column: column.name }} className={styles["column"]}>{column.name}</Link>
            <Tags tags={column.tags} onlyPersonal />
          </li>
        ))}
      </ul>
    </Card>
  );
}
