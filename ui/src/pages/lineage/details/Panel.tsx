// The panel beside the graph: a node with what is known of it and what may be done, or an edge with what flows over it.
import { X } from "lucide-react";
import type { JSX } from "react";
import { IconButton } from "#/design/Button";
import { useText } from "#/text/messages";
import type { Actions } from "../actions";
import { EdgePanel } from "./EdgePanel";
import styles from "../Explorer.module.css";
import { details } from "./messages";
import type { Scene } from "../model/scene";
import { NodePanel } from "./NodePanel";
import type { LineageView } from "../view";

interface PanelProps {
  view: LineageView;
  scene: Scene;
  selected: number;
  actions: Actions;
  onGo: (id: string) => void;
}

/** The panel. */
export default function Panel({ view, scene, selected, actions, onGo }: PanelProps): JSX.Element | null {
  const own = useText(details);
  const node = scene.graph.nodes[selected];
  const [source, target] = view.edge.split(">").map((id) => scene.places.get(id));
  const isEdge = source !== undefined && target !== undefined;
  if (!node && !isEdge) return null;
  return (
    <aside className={styles["panel"]} aria-label={own.details}>
      <span className={styles["panelClose"]}><IconButton icon={X} label={own.closePanel} keys="Esc" onPress={() => { actions.select(null, null); }} /></span>
      {node ? <NodePanel view={view} scene={scene} place={selected} node={node} actions={actions} onGo={onGo} /> : isEdge && <EdgePanel graph={scene.graph} source={source} target={target} actions={actions} />}
    </aside>
  );
}
