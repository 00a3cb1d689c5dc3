// The list of sets of rules, the latest first.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { BookLock } from "lucide-react";
import type { JSX } from "react";
import { type Api, askKeeping } from "#/api";
import { When } from "#/design/Bits";
import { type DataColumn, DataTable } from "#/design/DataTable";
import { Page } from "#/design/Page";
import { Empty } from "#/design/State";
import { LinkButton } from "#/parts/LinkButton";
import { Loaded } from "#/parts/Loaded";
import { Pages } from "#/parts/Pages";
import { Principal } from "#/parts/Principal";
import { type Spoken, useText } from "#/text/messages";
import { policies } from "./messages";
import styles from "./Policies.module.css";
import { SetState } from "./SetState";

const PAGE_SIZE = 50;
const route = getRouteApi("/policies");

type Text = Spoken<(typeof policies)["en"]>;

function columns(text: Text): DataColumn<Api.PolicyEntry>[] {
  return [
    { id: "version", header: text.versionColumn, isRowHeader: true, cell: (one) => <strong>{one.version}</strong> },
    { id: "state", header: text.state, cell: (one) => <SetState state={one.state} /> },
    { id: "note", header: text.note, cell: (one) => <span className={styles["why"]}>{one.note || <span className={styles["muted"]}>{text.noNote}</span>}</span> },
    { id: "by", header: text.by, cell: (one) => <Principal reference={one.author} /> },
    { id: "written", header: text.written, cell: (one) => <When at={one.createdAt} /> },
    { id: "since", header: text.inForceSince, cell: (one) => (one.activatedAt == null ? <span className={styles["muted"]}>{one.state === "draft" ? "" : text.unknownTime}</span> : <When at={one.activatedAt} />) },
  ];
}

/** The page. */
export function ListPage(): JSX.Element {
  const text = useText(policies);
  const { after } = route.useSearch();
  const navigate = useNavigate();
  const query = useQuery(askKeeping("GET /api/v1/policies", { query: { limit: PAGE_SIZE, ...(after ? { after } : {}) } }));
  return (
    <Page title={text.title} actions={<><LinkButton to="/policies/test">{text.test}</LinkButton><LinkButton to="/policies/new" variant="primary">{text.newDraft}</LinkButton></>}>
      <p className={styles["muted"]}>{text.lead}</p>
      <Loaded query={query}>
        {({ items, next }) => (items.length === 0 ? <Empty title={text.noSets} icon={BookLock} /> : (
          <>
            <DataTable label={text.title} rows={items} columns={columns(text)} idOf={(one) => String(one.version)} onOpen={(one) => { void navigate({ to: "/policies/$version", params: { version: String(one.version) } }); }} />
            <Pages after={after} next={next} onGo={(to) => { void navigate({ to: "/policies", search: { after: to } }); }} />
          </>
        ))}
      </Loaded>
    </Page>
  );
}
