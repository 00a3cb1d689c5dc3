// Search in the graph, also in what is folded, hidden or grouped, and the way to what was found there.
import type { Derived } from "./derive";
import type { Graph } from "./graph";
import type { Scene } from "./scene";

/** Returns the ids of what holds all words: in its name, its namespace or its columns. */
export function findHits(graph: Graph, typed: string): string[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return graph.nodes.flatMap((node) => {
    const said = [node.name, node.namespace, ...node.fields.map((field) => field.name)].join("\n").toLowerCase();
    return words.every((word) => said.includes(word)) ? [node.id] : [];
  });
}

/** Returns where a node is shown: itself, or the group that holds it; -1 if nowhere. */
export function placeShowing(scene: Scene, id: string): number {
  if (id === "") return -1;
  return scene.places.get(id) ?? scene.graph.nodes.findIndex((node) => node.members.some((member) => member.id === id));
}

/** Returns what of the view to change so that a node is shown. */
export function waysTo(derived: Derived, scene: Scene, id: string, view: { open: readonly string[]; hide: readonly string[] }): { open?: readonly string[]; hide?: readonly string[]; fold?: readonly string[]; only?: boolean } {
  const group = scene.graph.nodes[placeShowing(scene, id)];
  if (group) return { open: [...view.open, group.id] };
  if (view.hide.includes(id)) return { hide: view.hide.filter((one) => one !== id) };
  return derived.hidden > 0 ? { fold: [], only: false } : { fold: [] };
}
