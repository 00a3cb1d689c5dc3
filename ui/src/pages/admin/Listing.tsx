// A list of administration: what may be filtered on the page that is shown, and what to say where there is nothing.
import type { UseQueryResult } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { LucideIcon } from "lucide-react";
import type { JSX, ReactNode } from "react";
import { Button } from "#/design/Button";
import { type DataColumn, DataTable } from "#/design/DataTable";
import { SearchField } from "#/design/Field";
import { Empty } from "#/design/State";
import { Loaded } from "#/parts/Loaded";
import { Pages } from "#/parts/Pages";
import { useText } from "#/text/messages";
import styles from "./Admin.module.css";
import { admin } from "./messages";

const route = getRouteApi("/admin/{-$section}");

interface ListingProps<R> {
  label: string;
  query: UseQueryResult<{ items: R[]; next?: string | null }>;
  columns: readonly DataColumn<R>[];
  idOf: (row: R) => string;
  /** What a row is filtered by. */
  wordsOf: (row: R) => string;
  onOpen?: (row: R) => void;
  actions?: ReactNode;
  empty: { title: string; why?: string; icon: LucideIcon };
}

/** The list. */
export function Listing<R>({ label, query, columns, idOf, wordsOf, onOpen, actions, empty }: ListingProps<R>): JSX.Element {
  const text = useText(admin);
  const view = route.useSearch();
  const navigate = route.useNavigate();
  const q = view.q.trim().toLowerCase();
  const type = (typed: string): void => { void navigate({ to: ".", search: { ...view, q: typed }, replace: true }); };
  return (
    <Loaded query={query}>
      {({ items, next }) => {
        const rows = items.filter((row) => wordsOf(row).toLowerCase().includes(q));
        if (items.length === 0 && view.after === "") return <><div className={styles["bar"]}>{actions}</div><Empty title={empty.title} icon={empty.icon}>{empty.why !== undefined && <p>{empty.why}</p>}</Empty></>;
        return (
          <div className={styles["stack"]}>
            <div className={styles["bar"]}><SearchField label={text.filter} clear={text.clear} value={view.q} onChange={type} /><span className={styles["space"]} />{actions}</div>
            <DataTable label={label} rows={rows} columns={columns} idOf={idOf} {...(onOpen ? { onOpen } : {})} empty={<p>{text.filteredOut} <Button onPress={() => { type(""); }}>{text.showAll}</Button></p>} />
            <Pages after={view.after} next={next} onGo={(after) => { void navigate({ to: ".", search: { ...view, after } }); }} />
          </div>
        );
      }}
    </Loaded>
  );
}

/** What a page of a list is asked with. */
export function useListQuery(): { limit: number; after?: string } {
  const { after } = route.useSearch();
  return { limit: 100, ...(after === "" ? {} : { after }) };
}
