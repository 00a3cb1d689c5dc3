// The keyboard map of the explorer, for the keys themselves, the palette and the help.
import { type RefObject, useMemo } from "react";
import { type Command, useCommands } from "#/commands/commands";
import { toast } from "#/design/Toasts";
import { useText } from "#/text/messages";
import type { Actions } from "./actions";
import { lineage } from "./messages";
import type { GraphNode } from "./model/graph";
import type { Scene } from "./model/scene";
import type { LineageView } from "./view";
import { zoomIn, zoomOut } from "./stage/pointer";
import type { Stage } from "./stage/stage";

interface Live {
  stage: Stage | null;
  scene: Scene;
  view: LineageView;
  actions: Actions;
  search: RefObject<HTMLInputElement | null>;
  goHit: (step: 1 | -1) => void;
  togglePath: () => void;
}

/** The link to what is seen, with the camera. */
function copyLink(stage: Stage | null, said: string): void {
  const url = new URL(location.href);
  if (stage) {
    const { x, y, z } = stage.camera;
    for (const [name, value] of [["cx", x], ["cy", y], ["z", z * 1000]] as const) url.searchParams.set(name, String(Math.round(value)));
    url.searchParams.sort();
  }
  void navigator.clipboard.writeText(url.href).then(() => { toast(said); });
}

/** Registers them. */
export function useLineageCommands({ stage, scene, view, actions, search, goHit, togglePath }: Live): void {
  const text = useText(lineage);
  useCommands(useMemo(() => {
    const group = text.title;
    const none = (): void => undefined;
    const current = (): GraphNode | undefined => scene.graph.nodes[stage?.cursor?.[0] ?? scene.places.get(view.sel) ?? -1];
    const withNode = (run: (node: GraphNode) => void) => (): void => {
      const node = current();
      if (node) run(node);
    };
    const expand = (isWholeLevel: boolean) => withNode((node) => {
      if (node.kind === "group") actions.openGroup(node);
      else if (node.foldedDown > 0 || node.moreDown > 0) actions.handle(node, "down", isWholeLevel);
      else if (node.foldedUp > 0 || node.moreUp > 0) actions.handle(node, "up", isWholeLevel);
    });
    const fold = withNode((node) => {
      if (node.foldedUp === 0 && node.hops < 0) actions.handle({ ...node, moreUp: 0 }, "up", false);
      else if (node.foldedDown === 0) actions.handle({ ...node, moreDown: 0 }, "down", false);
    });
    const commands: (readonly [id: string, keys: string, label: string, run: (() => void) | null])[] = [
      ["move", "← → ↑ ↓", text.keysMove, null],
      ["select", "Enter", text.keysSelect, null],
      ["home-node", "Home", text.home, null],
      ["open", "o", text.open, withNode(actions.open)],
      ["refocus", "r", text.refocus, withNode((node) => { if (node.kind === "dataset" || node.kind === "job") actions.refocus(node); })],
      ["expand", "e", text.expandHere, expand(false)],
      ["expand-level", "E", text.expandLevel, expand(true)],
      ["fold", "c", text.foldHere, fold],
      ["hide", "x", text.hideHere, withNode((node) => { if (node.hops !== 0 && node.kind !== "hidden") actions.hide(node); })],
      ["zoom-in", "+", text.zoomIn, () => { if (stage) zoomIn(stage); }],
      ["zoom-out", "-", text.zoomOut, () => { if (stage) zoomOut(stage); }],
      ["zoom-whole", "0", text.zoomWhole, () => { stage?.fit(); }],
      ["zoom-full", "1", text.zoomFull, () => { stage?.look({ ...stage.camera, z: 1 }); }],
      ["find", "Mod+f", text.search, () => { search.current?.focus(); search.current?.select(); }],
      ["next-hit", "n", text.nextHit, () => { goHit(1); }],
      ["previous-hit", "N", text.previousHit, () => { goHit(-1); }],
      ["path", "p", text.path, togglePath],
      ["columns", "l", text.toColumns, () => { actions.show({ level: view.level === "table" ? "column" : "table", col: "", part: "", edge: "", from: "", to: "", more: [] }); }],
      ["copy-link", "y", text.copyLink, () => { copyLink(stage, text.linkCopied); }],
      ["impact", "i", text.rows, () => { actions.show({ view: view.view === "table" ? "graph" : "table" }); }],
    ];
    return commands.map(([id, keys, label, run]): Command => ({ id: `lineage-${id}`, group, label, keys, ...(run ? { run } : { run: none, isInfo: true }) }));
  }, [text, stage, scene, view, actions, search, goHit, togglePath]));
}
