// What people changed: read from the event log, page by page; earlier descriptions and owners can be put back.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type JSX, useState } from "react";
import { type Api, asProblem, request, useMe } from "#/api";
import { When } from "#/design/Bits";
import { Button } from "#/design/Button";
import { Card } from "#/design/Page";
import { Skeleton } from "#/design/State";
import { ProblemPanel } from "#/parts/ProblemPanel";
import { useText } from "#/text/messages";
import { AuditHistory } from "./AuditHistory";
import type { Dataset, TabProps } from "./dataset";
import styles from "./Dataset.module.css";
import { EditStatus } from "./EditStatus";
import { columnDescription, description, owners } from "./edits";
import { type Change, changesOf } from "./history";
import { datasets } from "./messages";
import { useEdit } from "./use_edit";

const PAGE = 200;

/** The card. */
export function History({ dataset }: TabProps): JSX.Element {
  const text = useText(datasets);
  const query = useInfiniteQuery({
    queryKey: ["GET /api/v1/events", "edits", dataset.id],
    queryFn: async ({ pageParam, signal }) => await request("GET /api/v1/events", { query: { dataset: dataset.id, limit: PAGE, ...(pageParam === "" ? {} : { after: pageParam }) } }, { signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const problem = query.error ? asProblem(query.error) : null;
  const names = [dataset, ...dataset.aliases];
  const events = (query.data?.pages ?? []).flatMap((page) => page.items).filter((event) => event.kind === "edit");
  const entries = events.map((event) => ({ event, changes: changesOf(event.event, names) })).filter(({ changes }) => changes.length > 0);
  return (
    <Card title={text.history} isFlush actions={<Link to="/audit" search={{ resource: dataset.id }}>{text.auditLog}</Link>}>
      {query.isPending && <Skeleton lines={3} />}
      {problem?.status === 403 && <AuditHistory dataset={dataset} refused={problem} />}
      {problem && problem.status !== 403 && <ProblemPanel problem={problem} onRetry={() => { void query.refetch(); }} />}
      {query.data && entries.length === 0 && <p className={styles["none"]}>{query.hasNextPage ? text.noHistoryYet : text.noHistory}</p>}
      <ul>{entries.map(({ event, changes }) => <Entry key={event.id} event={event} changes={changes} dataset={dataset} />)}</ul>
      {query.hasNextPage && <div className={styles["foot"]}><Button onPress={() => { void query.fetchNextPage(); }} isPending={query.isFetchingNextPage}>{text.older}</Button></div>}
    </Card>
  );
}

function Entry({ event, changes, dataset }: { event: Api.EventEntry; changes: Change[]; dataset: Dataset }): JSX.Element {
  const text = useText(datasets);
  const me = useMe();
  const actor = typeof event.event["actor"] === "string" ? event.event["actor"] : "";
  return (
    <li className={styles["entry"]}>
      <div className={styles["entryHead"]}>
        <span title={actor}>{actor !== "" && actor === me.id ? text.you : text.actor(actor.slice(-8))}</span>
        <When at={event.receivedAt} />
      </div>
      <ul>{changes.map((change, place) => <Line key={place} change={change} dataset={dataset} />)}</ul>
    </li>
  );
}

function Line({ change, dataset }: { change: Change; dataset: Dataset }): JSX.Element {
  const text = useText(datasets);
  const names = (list: readonly Api.Owner[]): string => list.map((owner) => owner.name).join(", ");
  switch (change.what) {
    case "description": return <li><span className={styles["what"]}>{change.value === "" ? text.clearedDescription(change.column) : text.setDescription(change.column)}</span> {change.value !== "" && <q className={styles["said"]}>{change.value}</q>} <Restore what={change.column === "" ? description : columnDescription(change.column)} value={change.value} dataset={dataset} write={(value) => value} /></li>;
    case "owners": return <li><span className={styles["what"]}>{text.setOwners}</span> {names(change.value) || text.nothing} <Restore what={owners} value={change.value} dataset={dataset} write={names} /></li>;
    case "tag": return <li><span className={styles["what"]}>{change.isOn ? text.tagged(change.column) : text.untagged(change.column)}</span> <code>{change.tag}</code></li>;
    case "columns": return <li>{text.setColumns(change.count)}</li>;
    case "properties": return <li>{text.setProperties(change.names.join(", "))}</li>;
    case "deleted": return <li>{change.isDeleted ? text.hid : text.broughtBack}</li>;
  }
}

function Restore<V>({ what, value, dataset, write }: { what: Parameters<typeof useEdit<V>>[1]; value: V; dataset: Dataset; write: (value: V) => string }): JSX.Element | null {
  const text = useText(datasets);
  const edit = useEdit(dataset, what);
  const [asked, setAsked] = useState(false);
  const isStanding = JSON.stringify(edit.stands) === JSON.stringify(value);
  return (
    <>
      {isStanding
        ? <span className={styles["standing"]}>{text.standing}</span>
        : <Button variant="quiet" isPending={edit.state.is === "saving"} onPress={() => { setAsked(true); edit.save(value, edit.stands); }}>{text.restore}</Button>}
      {asked && <EditStatus state={edit.state} forget={edit.forget} write={write} />}
    </>
  );
}
