// One column: its description, its tags, what it is made from and what is made from it.
import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { EyeOff, Waypoints, X } from "lucide-react";
import { type JSX, type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { Api } from "#/api";
import { CopyButton } from "#/design/Bits";
import { Button, IconButton } from "#/design/Button";
import { Chip } from "#/design/Chip";
import { Cut } from "#/design/Cut";
import { LinkButton } from "#/parts/LinkButton";
import { Loaded } from "#/parts/Loaded";
import { useText } from "#/text/messages";
import { type Ends, endsOf, type Neighbour } from "./column_lineage";
import type { Dataset } from "./dataset";
import { EditDescription } from "./EditDescription";
import { columnDescription, columnTags } from "./edits";
import { EditTags } from "./EditTags";
import { datasets } from "./messages";
import styles from "./Schema.module.css";

const SHOWN = 20;

interface ColumnPanelProps {
  dataset: Dataset;
  column: Api.Column;
  lineage: UseQueryResult<Api.GraphBody>;
  onClose: () => void;
}

/** The panel. */
export function ColumnPanel({ dataset, column, lineage, onClose }: ColumnPanelProps): JSX.Element {
  const text = useText(datasets);
  const { namespace, name } = dataset;
  const panel = useRef<HTMLElement>(null);
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // Focus goes back to where it came from, unless it has gone elsewhere since.
    const from = document.activeElement;
    const shown = panel.current;
    head.current?.focus({ preventScroll: true });
    return () => {
      const isHere = shown?.contains(document.activeElement) === true || document.activeElement === document.body;
      if (isHere && from instanceof HTMLElement) from.focus({ preventScroll: true });
    };
  }, []);
  // On its way down: buttons keep keys to themselves. In a field Escape belongs to the field.
  const onKey = (event: KeyboardEvent): void => { if (event.key === "Escape" && !(event.target instanceof HTMLInputElement)) onClose(); };
  return (
    <aside ref={panel} className={styles["panel"]} aria-label={text.columnNamed(column.name)} onKeyDownCapture={onKey}>
      <header className={styles["panelHead"]}>
        <h3 ref={head} tabIndex={-1} title={column.name}>{column.name}</h3>
        <CopyButton text={column.name} label={text.copy} />
        <IconButton icon={X} label={text.close} onPress={onClose} />
      </header>
      <div className={styles["panelBody"]}>
        <p>{column.type ? <code>{column.type}</code> : <span className={styles["subtle"]}>{text.noType}</span>}</p>
        <EditDescription
          key={column.name} dataset={dataset} what={columnDescription(column.name)} help={text.columnDescriptionHelp}
          frame={(pencil, rest) => <section><h4 className={styles["withAction"]}>{text.description}{pencil}</h4>{rest}</section>}
        />
        <section>
          <h4>{text.tags}</h4>
          <EditTags dataset={dataset} what={columnTags(column.name)} help={text.columnTagHelp} />
        </section>
        <Loaded query={lineage} lines={3}>{(graph) => <Lineage ends={endsOf(graph, dataset.id)} column={column.name} />}</Loaded>
        <LinkButton to="/lineage/$kind/$namespace/$name" params={{ kind: "dataset", namespace, name }} search={{ level: "column", col: column.name }}><Waypoints size={16} aria-hidden />{text.traceThis}</LinkButton>
      </div>
    </aside>
  );
}

function Lineage({ ends: all, column }: { ends: Ends; column: string }): JSX.Element {
  const text = useText(datasets);
  const [ends, whole] = [all.get(column), all.get("")];
  return (
    <>
      <Neighbours title={text.madeFrom} none={text.madeFromNothing} list={ends?.up ?? []} />
      <Neighbours title={text.goesInto} none={text.goesNowhere} list={ends?.down ?? []} />
      {whole && whole.up.length > 0 && <Neighbours title={text.rowsFrom} none="" list={whole.up} />}
    </>
  );
}

function Neighbours({ title, none, list }: { title: string; none: string; list: readonly Neighbour[] }): JSX.Element {
  const text = useText(datasets);
  const [shown, setShown] = useState(SHOWN);
  return (
    <section>
      <h4>{title}{list.length > 0 && <span className={styles["subtle"]}> {list.length}</span>}</h4>
      {list.length === 0 && <p className={styles["subtle"]}>{none}</p>}
      <ul className={styles["neighbours"]}>
        {list.slice(0, shown).map((one) => <li key={`${one.namespace} ${one.dataset} ${one.column}`}><Other one={one} /></li>)}
      </ul>
      {list.length > shown && <Button variant="quiet" onPress={() => { setShown(shown * 5); }}>{text.moreOf(list.length - shown)}</Button>}
    </section>
  );
}

function Other({ one }: { one: Neighbour }): JSX.Element {
  const text = useText(datasets);
  const kinds = [...new Set(one.transformations.map((how) => how.subtype ?? how.type))];
  const isMasked = one.carry === "masked" || one.transformations.some((how) => how.masking);
  return (
    <>
      <Link to="/datasets/$namespace/$name/{-$tab}" params={{ namespace: one.namespace, name: one.dataset, tab: "schema" }} search={{ column: one.column }} className={styles["other"]}>
        <Cut text={one.dataset} /><span className={styles["dot"]}>.</span><b>{one.column === "" ? text.wholeDataset : one.column}</b>
      </Link>
      <span className={styles["how"]}>
        {kinds.map((kind) => <Chip key={kind}>{kind.toLowerCase()}</Chip>)}
        {isMasked && <Chip icon={EyeOff}>{text.masked}</Chip>}
      </span>
    </>
  );
}
