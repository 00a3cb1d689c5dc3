// Small things in tables of the audit: who acted, about what, how it ended.
import { Bot, Cpu, UserRound } from "lucide-react";
import type { JSX } from "react";
import { useMe } from "#/api";
import { Chip, type Tone } from "#/design/Chip";
import { Cut } from "#/design/Cut";
import { EntityLink } from "#/parts/LinkButton";
import { useText } from "#/text/messages";
import styles from "./Audit.module.css";
import { audit } from "./messages";
import { type Names, shortRef } from "./names";
import type { RecordView } from "./record";

const ICONS: Record<string, typeof Bot> = { user: UserRound, service: Bot, system: Cpu };
const TONES: Record<string, Tone> = { denied: "danger", failed: "warn", allowed: "ok", done: "plain" };

/** Who acted. */
export function Actor({ actor, names }: { actor: RecordView["actor"]; names: Names }): JSX.Element {
  const text = useText(audit);
  const me = useMe();
  const Icon = ICONS[actor.kind] ?? Cpu;
  const name = names.get(actor.ref) ?? (actor.ref === "system" ? text.system : undefined);
  return (
    <span className={styles["actor"]} title={`${actor.kind} ${actor.ref}`}>
      <Icon size={14} aria-hidden />
      {name === undefined ? <span className={styles["ref"]}>{shortRef(actor.ref)}</span> : <span>{name}</span>}
      {me.id != null && me.id === actor.ref && <span className={styles["faint"]}>({text.you})</span>}
    </span>
  );
}

/** What it was about. Datasets and jobs lead to their pages where `isLinked`. */
export function Resource({ resource, names, isLinked }: { resource: RecordView["resource"]; names: Names; isLinked?: boolean }): JSX.Element | null {
  if (resource === null) return null;
  const name = resource.name === "" ? names.get(resource.id) : resource.name;
  const entity = isEntity(resource) ? entityOf(resource.name) : null;
  return (
    <span className={styles["resource"]}>
      <span className={styles["kindWord"]}>{resource.kind}</span>
      {entity !== null ? (
        <>
          {isLinked ? <EntityLink kind={resource.kind} {...entity}><Cut text={entity.name} /></EntityLink> : <Cut text={entity.name} />}
          <span className={styles["faint"]}><Cut text={entity.namespace} /></span>
        </>
      ) : name === undefined ? <span className={styles["ref"]} title={resource.id}>{shortRef(resource.id)}</span> : <Cut text={name} />}
    </span>
  );
}

type Named = NonNullable<RecordView["resource"]>;
const isEntity = ({ kind, name }: Named): boolean => (kind === "dataset" || kind === "job") && name.includes(" ");

/** A dataset or job is recorded as its namespace, a space, and its name. */
function entityOf(name: string): { namespace: string; name: string } {
  const space = name.indexOf(" ");
  return { namespace: name.slice(0, space), name: name.slice(space + 1) };
}

/** How it ended. */
export function OutcomeChip({ outcome }: { outcome: string }): JSX.Element {
  const text = useText(audit);
  const word = outcome === "denied" || outcome === "failed" || outcome === "allowed" || outcome === "done" ? text[outcome] : outcome;
  return <Chip tone={TONES[outcome] ?? "plain"}>{word}</Chip>;
}
