// The graph: gives React's answers to the stage, and the stage's events back. Nothing in here renders while panning.
import { type JSX, useEffect, useRef, useState } from "react";
import type { Camera } from "./model/geometry";
import type { Scene } from "./model/scene";
import { type Overlay, Stage, type StageEvents } from "./stage/stage";
import styles from "./stage/Stage.module.css";
import type { Words } from "./stage/words";

interface GraphViewProps {
  scene: Scene;
  overlay: Overlay;
  words: Words;
  events: StageEvents;
  label: string;
  /** What stays in its place when the scene changes. */
  anchor: string | null;
  /** Where to look at first; null for wherever is best. */
  camera: Camera | null;
  onStage: (stage: Stage | null) => void;
}

/** The graph. */
export function GraphView({ scene, overlay, words, events, label, anchor, camera, onStage }: GraphViewProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef({ events, words, onStage, anchor, camera });
  const [stage, setStage] = useState<Stage | null>(null);
  useEffect(() => { latest.current = { events, words, onStage, anchor, camera }; });
  useEffect(() => {
    if (!box.current) return undefined;
    const made = new Stage(box.current, latest.current.words, {
      onSelect: (...all) => { latest.current.events.onSelect(...all); },
      onEdge: (...all) => { latest.current.events.onEdge(...all); },
      onClear: () => { latest.current.events.onClear(); },
      onOpen: (...all) => { latest.current.events.onOpen(...all); },
      onHandle: (...all) => { latest.current.events.onHandle(...all); },
    });
    setStage(made);
    latest.current.onStage(made);
    return () => {
      latest.current.onStage(null);
      made.stop();
    };
  }, []);
  useEffect(() => { stage?.speak(words); }, [stage, words]);
  useEffect(() => { stage?.show(scene, latest.current.anchor, latest.current.camera); }, [stage, scene]);
  useEffect(() => { stage?.lay(overlay); }, [stage, overlay]);
  // The tree's items are made by the stage, one at a time (aria-activedescendant); it listens to the arrow keys itself.
  return <div ref={box} className={styles["stage"]} role="tree" tabIndex={0} aria-label={label} />;
}
