// The datasets that changed last, in a card.
import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Database } from "lucide-react";
import type { JSX } from "react";
import type { Api } from "#/api";
import { Cut } from "#/design/Cut";
import { Card } from "#/design/Page";
import { EntityLink } from "#/parts/LinkButton";
import { Loaded } from "#/parts/Loaded";
import { useText } from "#/text/messages";
import styles from "./Home.module.css";
import { home } from "./messages";

/** The card. */
export function Changed({ query }: { query: UseQueryResult<Api.SearchBody> }): JSX.Element {
  const text = useText(home);
  return (
    <Card title={text.changed} isFlush actions={<Link to="/catalog" search={{ sort: "updated" }}>{text.allChanged}</Link>}>
      <Loaded query={query}>
        {({ hits }) => (hits.length === 0
          ? <p className={styles["none"]}>{text.noneChanged}</p>
          : (
            <ul>
              {hits.map((hit) => (
                <li key={hit.id} className={styles["row"]}>
                  <Database size={14} aria-hidden />
                  <div className={styles["what"]}>
                    <EntityLink kind={hit.kind} namespace={hit.namespace} name={hit.name} className={styles["name"]}><Cut text={hit.name} /></EntityLink>
                    <Cut text={hit.namespace} className={styles["where"]} />
                  </div>
                </li>
              ))}
            </ul>
          ))}
      </Loaded>
    </Card>
  );
}
