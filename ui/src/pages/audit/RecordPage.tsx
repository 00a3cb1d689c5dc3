// One record: what happened, by which decision, and its proof.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { JSX, ReactNode } from "react";
import { ask } from "#/api";
import { Code, CopyButton, When } from "#/design/Bits";
import { Chip } from "#/design/Chip";
import { Card, Facts } from "#/design/Page";
import { Loaded } from "#/parts/Loaded";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import styles from "./Audit.module.css";
import { AuditFrame } from "./AuditFrame";
import { Actor, OutcomeChip, Resource } from "./Bits";
import { Decision } from "./Decision";
import { audit } from "./messages";
import { useNames } from "./names";
import { ProofCard } from "./ProofCard";
import { readRecord, type RecordView } from "./record";
import { SealedCard } from "./Sealed";

const route = getRouteApi("/audit/records/$id");

/** The page. */
export function RecordPage(): JSX.Element {
  const text = useText(audit);
  const format = useFormat();
  const { id } = route.useParams();
  const query = useQuery({ ...ask("GET /api/v1/audit/records/{id}", { path: { id } }), staleTime: Infinity });
  const title = query.data ? text.recordOf(format.number(query.data.index)) : text.record;
  return (
    <AuditFrame title={title} beside={query.data && <OutcomeChip outcome={readRecord(query.data).outcome} />}>
      <Loaded query={query} lines={10}>{(entry) => <Told record={readRecord(entry)} />}</Loaded>
    </AuditFrame>
  );
}

function Told({ record }: { record: RecordView }): JSX.Element {
  const text = useText(audit);
  return (
    <div className={styles["columns"]}>
      <div className={styles["column"]}>
        <What record={record} />
        <Decision record={record} />
        {record.change !== null && <ChangeCard change={record.change} />}
        {record.sealed.length > 0 && <SealedCard record={record} />}
        {Object.keys(record.ext).length > 0 && <Card title={text.more}><Facts facts={Object.entries(record.ext).map(([name, value]) => ({ name, value: <Extra value={value} /> }))} /></Card>}
      </div>
      <div className={styles["column"]}>
        <ProofCard key={record.id} record={record} />
        <Card title={text.raw}><Code label={text.raw} code={JSON.stringify(JSON.parse(record.entry), null, 2)} /></Card>
      </div>
    </div>
  );
}

function What({ record }: { record: RecordView }): JSX.Element {
  const text = useText(audit);
  const names = useNames();
  const { actor, resource, request } = record;
  const fact = (name: string, value: ReactNode, isThere = true): { name: string; value: ReactNode }[] => (isThere ? [{ name, value }] : []);
  return (
    <Card title={text.what}>
      <Facts facts={[
        { name: text.when, value: <When at={record.at} isExact /> },
        { name: text.by, value: <span className={styles["inline"]}><Actor actor={actor} names={names} /><Link to="/audit" search={{ actor: actor.ref }}>{text.sameActor}</Link></span> },
        ...fact(text.onBehalfOf, names.get(record.onBehalfOf) ?? record.onBehalfOf, record.onBehalfOf !== ""),
        ...fact(text.auth, actor.auth, actor.auth !== ""),
        ...fact(text.token, <code className={styles["break"]}>{actor.token}</code>, actor.token !== ""),
        { name: text.action, value: <code>{record.action}</code> },
        ...fact(text.about, <span className={styles["inline"]}><Resource resource={resource} names={names} isLinked />{resource && <Link to="/audit" search={{ resource: resource.id }}>{text.sameResource}</Link>}</span>, resource !== null),
        ...fact(text.purpose, <Chip tone="info">{record.purpose}</Chip>, record.purpose !== ""),
        ...fact(text.request, <span className={styles["copyable"]}><code className={styles["break"]}>{request?.id}</code><CopyButton text={request?.id ?? ""} /></span>, request !== null),
        ...fact(text.trace, <code className={styles["break"]}>{request?.trace}</code>, (request?.trace ?? "") !== ""),
      ]} />
    </Card>
  );
}

function ChangeCard({ change }: { change: NonNullable<RecordView["change"]> }): JSX.Element {
  const text = useText(audit);
  const digest = (name: string, value: string): { name: string; value: ReactNode }[] => (value === "" ? [] : [{ name, value: <code className={styles["break"]}>{value}</code> }]);
  return (
    <Card title={text.change}>
      <Facts facts={[...digest(text.before, change.before), ...digest(text.after, change.after)]} />
      {change.patch !== undefined && <Code label={text.patch} code={JSON.stringify(change.patch, null, 2)} />}
    </Card>
  );
}

function Extra({ value }: { value: unknown }): JSX.Element {
  return <span className={styles["break"]}>{typeof value === "string" ? value : JSON.stringify(value)}</span>;
}
