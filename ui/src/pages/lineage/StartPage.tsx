// Where lineage begins: a dataset or a job, searched for.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Database, SearchX, Waypoints, Workflow } from "lucide-react";
import type { JSX } from "react";
import { type Api, askKeeping } from "#/api";
import { Cut } from "#/design/Cut";
import { SearchField } from "#/design/Field";
import { Page } from "#/design/Page";
import { Empty } from "#/design/State";
import { LinkButton } from "#/parts/LinkButton";
import { Loaded } from "#/parts/Loaded";
import { useText } from "#/text/messages";
import { lineage } from "./messages";
import styles from "./Start.module.css";

const SHOWN = 30;
const route = getRouteApi("/lineage");

/** The page. */
export function StartPage(): JSX.Element {
  const text = useText(lineage);
  const { q } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(askKeeping("GET /api/v1/catalog/search", { query: { q, limit: SHOWN } }));
  return (
    <Page title={text.title}>
      <p className={styles["why"]}>{text.startWhy}</p>
      <div className={styles["search"]}>
        <SearchField label={text.find} clear={text.clear} value={q} autoFocus onChange={(typed) => { void navigate({ search: { q: typed }, replace: true }); }} />
      </div>
      <Loaded query={query} lines={8}>
        {(found) => (found.hits.length > 0 ? <Hits hits={found.hits} /> : <Nothing isEmpty={q === ""} />)}
      </Loaded>
    </Page>
  );
}

function Nothing({ isEmpty }: { isEmpty: boolean }): JSX.Element {
  const text = useText(lineage);
  return isEmpty ? <Empty title={text.noData} icon={Waypoints} actions={<LinkButton to="/">{text.connect}</LinkButton>} /> : <Empty title={text.nothing} icon={SearchX} />;
}

function Hits({ hits }: { hits: readonly Api.HitBody[] }): JSX.Element {
  const text = useText(lineage);
  return (
    <ul className={styles["hits"]} aria-label={text.begin}>
      {hits.map((hit) => {
        const Icon = hit.kind === "job" ? Workflow : Database;
        return (
          <li key={hit.id}>
            <Link to="/lineage/$kind/$namespace/$name" params={{ kind: hit.kind, namespace: hit.namespace, name: hit.name }} search={{}} className={styles["hit"]}>
              <Icon size={16} aria-hidden />
              <span className={styles["name"]}><Cut text={hit.name} /></span>
              <span className={styles["namespace"]}><Cut text={hit.namespace} /></span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
