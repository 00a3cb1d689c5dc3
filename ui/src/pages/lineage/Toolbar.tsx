// The bar over the graph: how far, how fine, grouped by what, which tag, when, and what to search for.
import { ChevronDown, ChevronUp, Minus, Plus, Route } from "lucide-react";
import type { JSX, RefObject } from "react";
import { Button as AriaButton } from "react-aria-components";
import { Button, IconButton } from "#/design/Button";
import { Checkbox, SearchField } from "#/design/Field";
import { SelectField } from "#/design/Select";
import { useText } from "#/text/messages";
import type { Actions } from "./actions";
import styles from "./Explorer.module.css";
import { lineage } from "./messages";
import type { LineageView } from "./view";
import { Segments } from "./Segments";

/** More than any graph has. */
export const ALL_HOPS = 100;
const HOPS_MAX = 10;

interface ToolbarProps {
  view: LineageView;
  actions: Actions;
  /** What one more hop would add, at most. */
  adds: { up: number; down: number };
  tags: readonly string[];
  isJob: boolean;
  search: RefObject<HTMLInputElement | null>;
  hits: { count: number; at: number; go: (step: 1 | -1) => void };
  isPicking: boolean;
  onPath: () => void;
}

/** The bar. */
export function Toolbar({ view, actions: { show }, adds, tags, isJob, search, hits, isPicking, onPath }: ToolbarProps): JSX.Element {
  const text = useText(lineage);
  const groups = (["auto", "none", "namespace", "folder"] as const).map((id) => ({ id, label: text[id] }));
  const tagOptions = [...new Set(["", ...tags, view.overlay])].map((id) => ({ id, label: id === "" ? text.noTag : id }));
  return (
    <div className={styles["toolbar"]} role="toolbar" aria-label={text.view}>
      <Stepper label={text.up} long={text.upLong} value={view.up} adds={adds.up} onChange={(up) => { show({ up }); }} />
      <Stepper label={text.down} long={text.downLong} value={view.down} adds={adds.down} onChange={(down) => { show({ down }); }} />
      {!isJob && <Segments label={text.level} value={view.level} options={[{ id: "table", label: text.tables }, { id: "column", label: text.columns }]} onChange={(level) => { show({ level, col: "", part: "", edge: "", from: "", to: "", more: [] }); }} />}
      <SelectField label={text.group} inline value={view.group} options={groups} onChange={(group) => { show({ group, open: [] }); }} />
      <SelectField label={text.overlay} inline value={view.overlay} options={tagOptions} onChange={(overlay) => { show({ overlay, only: overlay !== "" && view.only }); }} />
      {view.overlay !== "" && <Checkbox isSelected={view.only} onChange={(only) => { show({ only }); }}>{text.only}</Checkbox>}
      {view.level === "table" && <Checkbox isSelected={view.jobs} onChange={(jobs) => { show({ jobs }); }}>{text.jobs}</Checkbox>}
      <Button icon={Route} aria-pressed={isPicking} onPress={onPath}>{text.path}</Button>
      <span className={styles["finder"]}>
        <SearchField label={text.search} clear={text.clear} value={view.q} inputRef={search} onChange={(q) => { show({ q }, true); }} onKeyDown={(event) => { if (event.key === "Enter") hits.go(event.shiftKey ? -1 : 1); }} />
        {view.q !== "" && (
          <span className={styles["hits"]} role="status">{hits.count === 0 ? text.noHits : text.hits(hits.at + 1, hits.count)}</span>
        )}
        {hits.count > 1 && <><IconButton icon={ChevronUp} label={text.previousHit} keys="N" onPress={() => { hits.go(-1); }} /><IconButton icon={ChevronDown} label={text.nextHit} keys="n" onPress={() => { hits.go(1); }} /></>}
      </span>
    </div>
  );
}

function Stepper({ label, long, value, adds, onChange }: { label: string; long: string; value: number; adds: number; onChange: (value: number) => void }): JSX.Element {
  const text = useText(lineage);
  const isAll = value > HOPS_MAX;
  return (
    <span role="group" aria-label={long} className={styles["stepper"]}>
      <span className={styles["stepLabel"]}>{label}</span>
      <AriaButton className={styles["step"] ?? ""} aria-label={text.fewer(long)} isDisabled={value === 0} onPress={() => { onChange(isAll ? HOPS_MAX : value - 1); }}><Minus size={14} aria-hidden /></AriaButton>
      <output className={styles["stepValue"]}>{isAll ? text.all : value}</output>
      <AriaButton className={styles["step"] ?? ""} aria-label={adds > 0 ? `${text.more(long)}, ${text.addsLong(adds)}` : text.more(long)} isDisabled={isAll} onPress={() => { onChange(value >= HOPS_MAX ? ALL_HOPS : value + 1); }}><Plus size={14} aria-hidden />{adds > 0 && <span className={styles["adds"]}>{text.adds(adds)}</span>}</AriaButton>
      {!isAll && <AriaButton className={styles["step"] ?? ""} aria-label={text.everything(long)} onPress={() => { onChange(ALL_HOPS); }}>{text.all}</AriaButton>}
    </span>
  );
}
