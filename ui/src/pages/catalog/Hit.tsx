// One result: what it is, where the search was found in it, and why it stands where it stands.
import { ChevronDown, Database, Workflow } from "lucide-react";
import type { JSX } from "react";
import { Button } from "react-aria-components";
import type { Api } from "#/api";
import { When } from "#/design/Bits";
import { Chip } from "#/design/Chip";
import { Highlighted } from "#/parts/Highlighted";
import { EntityLink } from "#/parts/LinkButton";
import { Tags } from "#/parts/Tags";
import { useText } from "#/text/messages";
import styles from "./Catalog.module.css";
import { catalog } from "./messages";
import { Why } from "./Why";

const COLUMNS_SHOWN = 8;
const OWNERS_SHOWN = 2;

interface HitProps {
  hit: Api.HitBody;
  q: string;
  isExplained: boolean;
  onExplain: () => void;
}

/** One result. */
export function Hit({ hit, q, isExplained, onExplain }: HitProps): JSX.Element {
  const text = useText(catalog);
  const Icon = hit.kind === "job" ? Workflow : Database;
  const lit = (field: string, whole: string): JSX.Element => {
    const highlight = hit.highlights.find((one) => one.field === field && one.fragment === whole);
    return <Highlighted text={whole} ranges={highlight?.ranges ?? []} />;
  };
  const pieces = hit.highlights.filter((one) => ["description", "sql"].includes(one.field));
  const isDescribed = pieces.some((one) => one.field === "description");
  return (
    <li className={styles["hit"]}>
      <div className={styles["hitHead"]}>
        <Icon size={16} aria-hidden />
        <EntityLink kind={hit.kind} namespace={hit.namespace} name={hit.name} className={styles["name"]}>{lit("name", hit.name)}</EntityLink>
        {q !== "" && <Button className={styles["why"] ?? ""} aria-expanded={isExplained} onPress={onExplain}><span>{text.why}</span><ChevronDown size={12} aria-hidden /></Button>}
      </div>
      <div className={styles["where"]}>
        <span>{lit("namespace", hit.namespace)}</span>
        <span>{text.changed} <When at={hit.updatedAt} /></span>
        {hit.owners.length > 0 && <span>{hit.owners.slice(0, OWNERS_SHOWN).join(", ")}{hit.owners.length > OWNERS_SHOWN && ` ${text.more(hit.owners.length - OWNERS_SHOWN)}`}</span>}
        <Tags tags={hit.tags} />
      </div>
      {!isDescribed && hit.description != null && <p className={styles["piece"]}>{hit.description}</p>}
      {pieces.map((piece) => (
        <p key={piece.field} className={piece.field === "sql" ? styles["sql"] : styles["piece"]}><Highlighted text={piece.fragment} ranges={piece.ranges} /></p>
      ))}
      {hit.matchedColumns.length > 0 && (
        <ul className={styles["matched"]} aria-label={text.columns}>
          {hit.matchedColumns.slice(0, COLUMNS_SHOWN).map((column) => <li key={column}><Chip>{lit("field", column)}</Chip></li>)}
          {hit.matchedColumns.length > COLUMNS_SHOWN && <li>{text.more(hit.matchedColumns.length - COLUMNS_SHOWN)}</li>}
        </ul>
      )}
      {isExplained && <Why hit={hit} q={q} />}
    </li>
  );
}
