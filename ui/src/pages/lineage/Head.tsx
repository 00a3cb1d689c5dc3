// The head of the explorer: whose lineage, as graph or table, exports, the link to this view.
import { Link } from "@tanstack/react-router";
import { Clock, Database, Download, Workflow } from "lucide-react";
import { type JSX, lazy, Suspense, useState } from "react";
import { Button } from "#/design/Button";
import { Cut } from "#/design/Cut";
import { Menu, MenuItem } from "#/design/Overlay";
import { toast } from "#/design/Toasts";
import { useText } from "#/text/messages";
import type { Actions } from "./actions";
import { type Focus, graphQuery } from "./answers";
import styles from "./Explorer.module.css";
import { lineage } from "./messages";
import type { LineageView } from "./view";
import { Segments } from "./Segments";

const TimeDialog = lazy(() => import("./details/TimeDialog"));

interface HeadProps {
  focus: Focus;
  view: LineageView;
  actions: Actions;
}

/** The head. */
export function Head({ focus, view, actions }: HeadProps): JSX.Element {
  const text = useText(lineage);
  const [isTimeOpen, setTimeOpen] = useState(false);
  const { kind, namespace, name } = focus;
  const Icon = kind === "job" ? Workflow : Database;
  const page = kind === "job" ? "/jobs/$namespace/$name/{-$tab}" as const : "/datasets/$namespace/$name/{-$tab}" as const;
  return (
    <header className={styles["head"]}>
      <div className={styles["naming"]}>
        <p className={styles["above"]}><Link to="/lineage" search={{}}>{text.title}</Link> / <Cut text={namespace} /></p>
        <h1 className={styles["title"]}>
          <Icon size={18} aria-hidden />
          <Link to={page} params={{ namespace, name }}><Cut text={name} /></Link>
          {view.col !== "" && <span className={styles["column"]}>{view.col}</span>}
        </h1>
      </div>
      <div className={styles["actions"]}>
        <Button icon={Clock} aria-pressed={view.at !== "" || view.diff !== ""} onPress={() => { setTimeOpen(true); }}>{text.time}</Button>
        <Menu button={<Button icon={Download}>{text.export}</Button>} onAction={(key) => { void run(String(key), text, focus, view); }}>
          <MenuItem id="svg light">{text.svgLight}</MenuItem>
          <MenuItem id="svg dark">{text.svgDark}</MenuItem>
          {[1, 2, 4].map((scale) => <MenuItem key={scale} id={`png ${scale}`}>{text.png(scale)}</MenuItem>)}
          <MenuItem id="csv">{text.csv}</MenuItem>
          <MenuItem id="json">{text.json}</MenuItem>
        </Menu>
        <span className={styles["looks"]}>
          <Segments label={text.view} value={view.view} options={[{ id: "graph", label: text.graph }, { id: "table", label: text.table }]} onChange={(look) => { actions.show({ view: look }); }} />
        </span>
      </div>
      {isTimeOpen && <Suspense><TimeDialog view={view} show={actions.show} onClose={() => { setTimeOpen(false); }} /></Suspense>}
    </header>
  );
}

async function run(key: string, text: { exported: string; exportFailed: string }, focus: Focus, view: LineageView): Promise<void> {
  const [format = "", more = ""] = key.split(" ");
  const name = `lineage-${focus.name.replaceAll(/[^\w.-]+/g, "_").slice(-80)}`;
  const query = graphQuery(focus, view);
  try {
    const { exportFile, exportImage } = await import("./details/download");
    if (format === "png") await exportImage(name, query, Number(more));
    else if (format === "svg" || format === "csv" || format === "json") await exportFile(name, query, format, more || "light");
    toast(text.exported);
  } catch {
    toast(text.exportFailed, "danger");
  }
}
