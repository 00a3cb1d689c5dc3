// The explorer itself: lays answers together, gives them to graph and table, and keeps both, the panel and the keys on
// the same view.
import { type JSX, lazy, Suspense, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { Api } from "#/api";
import { Skeleton } from "#/design/State";
import { useText } from "#/text/messages";
import { useActions } from "./actions";
import { type Focus, type Reducer, useDerived, usePaths, useTagged, useTags } from "./answers";
import styles from "./Explorer.module.css";
import { GraphView } from "./GraphView";
import { useLineageCommands } from "./keys";
import { Legend } from "./Legend";
import { lineage } from "./messages";
import { type Lit, litPath } from "./model/closure";
import { flowOf, toneOf } from "./model/flow";
import { findHits, placeShowing, waysTo } from "./model/find";
import { makeScene, type Scene } from "./model/scene";
import { Notices } from "./Notices";
import type { LineageView } from "./view";
import { useWords } from "./said";
import type { Stage, StageEvents } from "./stage/stage";
import { Toolbar } from "./Toolbar";

// What is not needed at once comes when it is: the explorer's own chunk has a budget.
const ImpactTable = lazy(() => import("./details/ImpactTable"));
const Panel = lazy(() => import("./details/Panel"));
const PathBar = lazy(() => import("./details/PathBar"));
const PHONE = "(max-width: 640px)";

function useIsPhone(): boolean {
  return useSyncExternalStore((changed) => {
    const query = matchMedia(PHONE);
    query.addEventListener("change", changed);
    return () => { query.removeEventListener("change", changed); };
  }, () => matchMedia(PHONE).matches);
}

function litEdge(scene: Scene, edge: string): Lit | null {
  const [source, target] = edge.split(">").map((id) => scene.places.get(id));
  if (source === undefined || target === undefined) return null;
  const edges = scene.graph.edges.flatMap((one, place) => (one.source === source && one.target === target ? [place] : []));
  return { nodes: new Set([source, target]), edges: new Set(edges), fields: new Set() };
}

/** What one more hop would add, at most. */
function addsOf(body: Api.GraphBody, view: LineageView): { up: number; down: number } {
  const sum = (side: "moreUp" | "moreDown", edge: number): number => body.nodes.reduce((all, node) => all + (node.hops === edge ? node[side] : 0), 0);
  return { up: sum("moreUp", -view.up), down: sum("moreDown", view.down) };
}

/** The explorer. */
export function Explorer({ focus, view, body, reducer }: { focus: Focus; view: LineageView; body: Api.GraphBody; reducer: Reducer | "plain" }): JSX.Element {
  const text = useText(lineage);
  const isTable = useIsPhone() || view.view === "table";
  const tagged = useTagged(view.overlay).data;
  const tags = useTags();
  const paths = usePaths(view);
  const path = paths.data?.paths[Math.min(view.k, paths.data.paths.length - 1)] ?? null;
  const { derived, isExpanding } = useDerived(body, view, path, tagged, reducer);
  const actions = useActions(focus, view, derived);
  const scene = useMemo(() => makeScene(derived.shown), [derived.shown]);
  const flow = useMemo(() => (view.overlay !== "" && tagged ? flowOf(derived.shown, (id) => tagged.ids.has(id)) : null), [derived.shown, view.overlay, tagged]);
  const [stage, setStage] = useState<Stage | null>(null);
  const [isPicking, setPicking] = useState(false);
  const [hitAt, setHitAt] = useState(0);
  const wanted = useRef<string | null>(null);
  const search = useRef<HTMLInputElement>(null);

  const hitIds = useMemo(() => findHits(derived.whole, view.q), [derived.whole, view.q]);
  const selected = placeShowing(scene, view.sel);
  const overlay = useMemo(() => {
    const part = view.part === "" ? null : view.part;
    const pinned = path
      ? litPath(scene.graph, path.nodes.map((node, at) => ({ id: node.id ?? "", field: node.field ?? null, jobs: path.steps[at]?.jobs.map((job) => job.id) ?? [] })))
      : view.edge !== "" ? litEdge(scene, view.edge) : selected >= 0 ? scene.walker.closure(selected, part) : null;
    const hits = new Set(hitIds.flatMap((id) => scene.places.get(id) ?? []));
    return { selected: selected >= 0 ? [selected, part] as const : null, pinned, hits, flow, tone: flow ? toneOf(view.overlay) : null };
  }, [scene, selected, view.part, view.edge, view.overlay, path, hitIds, flow]);

  const reach = (id: string): void => {
    const place = scene.places.get(id);
    if (place !== undefined) stage?.point([place, null]);
    else {
      wanted.current = id;
      actions.show(waysTo(derived, scene, id, view));
    }
  };
  const goHit = (step: 1 | -1): void => {
    if (hitIds.length === 0) return;
    const next = (hitAt + step + hitIds.length) % hitIds.length;
    setHitAt(next);
    reach(hitIds[next] ?? "");
  };
  useEffect(() => {
    const place = scene.places.get(wanted.current ?? "");
    if (place === undefined || !stage) return;
    wanted.current = null;
    stage.point([place, null]);
  }, [scene, stage]);

  // An end of a path is still to be chosen: the next node that is selected is it.
  const isChoosing = (isPicking && view.from === "") || (view.from === "") !== (view.to === "");
  const togglePath = (): void => {
    const isOn = isPicking || view.from !== "" || view.to !== "";
    setPicking(!isOn);
    if (isOn) actions.show({ from: "", to: "", k: 0 });
    else if (selected >= 0 && scene.graph.nodes[selected]) actions.pathEnd("from", scene.graph.nodes[selected], view.part || null);
  };
  const events: StageEvents = {
    onSelect: (place, field, isSecond) => {
      const node = scene.graph.nodes[place];
      if (!node) return;
      const from = scene.graph.nodes[selected];
      if (isChoosing) actions.pathEnd(view.from === "" ? "from" : "to", node, field);
      else if (isSecond && from && from !== node) actions.pathBetween([from, view.part || null], [node, field]);
      else actions.select(node, field);
    },
    onEdge: (place) => {
      const edge = scene.graph.edges[place];
      if (edge) actions.show({ sel: "", part: "", edge: `${scene.graph.nodes[edge.source]?.id ?? ""}>${scene.graph.nodes[edge.target]?.id ?? ""}` });
    },
    onClear: () => { if (view.sel !== "" || view.edge !== "") actions.select(null, null); },
    onOpen: (place) => { const node = scene.graph.nodes[place]; if (node) actions.open(node); },
    onHandle: (place, side, isWholeLevel) => { const node = scene.graph.nodes[place]; if (node) actions.handle(node, side, isWholeLevel); },
  };
  useLineageCommands({ stage, scene, view, actions, search, goHit, togglePath });

  const words = useWords(text, view.overlay);
  const camera = view.z > 0 ? { x: view.cx, y: view.cy, z: view.z / 1000 } : null;
  const isPathOn = isPicking || view.from !== "" || view.to !== "";
  return (
    <>
      <Toolbar view={view} actions={actions} adds={addsOf(body, view)} tags={tags} isJob={focus.kind === "job"} search={search} hits={{ count: hitIds.length, at: Math.min(hitAt, Math.max(0, hitIds.length - 1)), go: goHit }} isPicking={isPathOn} onPath={togglePath} />
      {isPathOn && <Suspense><PathBar view={view} actions={actions} query={paths} nodes={derived.whole.nodes} onEnd={() => { setPicking(false); actions.show({ from: "", to: "", k: 0 }); }} /></Suspense>}
      <Notices view={view} body={body} derived={derived} actions={actions} tagged={tagged} />
      <p className={styles["unseen"]} role="status">{isExpanding ? "" : text.said(derived.shown.nodes.length, derived.shown.edges.length)}</p>
      <div className={styles["main"]}>
        {isTable
          ? <Suspense fallback={<Skeleton />}><ImpactTable graph={derived.whole} focus={focus} actions={actions} tagged={tagged} selected={view.sel} /></Suspense>
          : (
            <div className={styles["canvas"]}>
              <GraphView scene={scene} overlay={overlay} words={words} events={events} label={text.tree(focus.name, String(derived.shown.nodes.length))} anchor={view.sel} camera={camera} onStage={setStage} />
              <Legend graph={derived.shown} flow={flow} tone={overlay.tone} tag={view.overlay} />
            </div>
          )}
        {(selected >= 0 || view.edge !== "") && <Suspense><Panel view={view} scene={scene} selected={selected} actions={actions} onGo={reach} /></Suspense>}
      </div>
    </>
  );
}
