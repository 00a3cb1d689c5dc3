// One result: what it is, where the search was found in it, and why it stands where it stands.
import { ChevronDown, Database, Workflow } from "lucide-react";
import type { JSX } from "react";
import { Button } from "react-aria-components";
import type { Api } from "#/api";
import { Chip } from "#/design/Chip";
import { Highlighted } from "#/parts/Highlighted";
import { EntityLink } from "#/parts/LinkButton";
import { useText } from "#/text/messages";
import styles from "./Catalog.module.css";
import { catalog } from "./messages";
import { Why } from "./Why";

const COLUMNS_SHOWN = 8;

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
  return (
    <li className={styles["hit"]}>
      <div className={styles["hitHead"]}>
        <Icon size={16} aria-hidden />
        <EntityLink kind={hit.kind} namespace={hit.namespace} name={hit.name} className={styles["name"]}>{lit("name", hit.name)}</EntityLink>
        {q !== "" && <Button className={styles["why"] ?? ""} aria-expanded={isExplained} onPress={onExplain}><span>{text.why}</span><ChevronDown size={12} aria-hidden /></Button>}
      </div>
      <div className={styles["where"]}>{lit("namespace", hit.namespace)}</div>
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
