// What may be done in the explorer: each is a change of the view, and so of the URL.
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Derived } from "./model/derive";
import { type GraphNode, referenceOf } from "./model/graph";
import { type Side, sided } from "./model/sided";
import type { LineageView } from "./view";
import type { Focus } from "./answers";

const LIST_MAX = 100;
const CAMERA = { cx: 0, cy: 0, z: 0 };

/** What may be done. */
export interface Actions {
  show(this: void, change: Partial<LineageView>, isTyping?: boolean): void;
  select(this: void, node: GraphNode | null, field: string | null): void;
  /** Expands, unfolds or folds one side of a node, whichever there is. */
  handle(this: void, node: GraphNode, side: Side, isWholeLevel: boolean): void;
  openGroup(this: void, node: GraphNode): void;
  hide(this: void, node: GraphNode): void;
  open(this: void, node: GraphNode): void;
  refocus(this: void, node: GraphNode, field?: string): void;
  pathEnd(this: void, which: "from" | "to", node: GraphNode, field: string | null): void;
  pathBetween(this: void, from: readonly [GraphNode, string | null], to: readonly [GraphNode, string | null]): void;
}

const added = (list: readonly string[], ...entries: string[]): readonly string[] => [...new Set([...list, ...entries])].slice(-LIST_MAX);

/** Makes them. */
export function useActions(focus: Focus, view: LineageView, derived: Derived | null): Actions {
  const navigate = useNavigate();
  const { kind, namespace, name } = focus;
  return useMemo(() => {
    const go = (params: Focus, search: Partial<LineageView>, isTyping = false): void => {
      void navigate({ to: "/lineage/$kind/$namespace/$name", params: { ...params }, search, replace: isTyping });
    };
    const show: Actions["show"] = (change, isTyping) => { go({ kind, namespace, name }, { ...view, ...CAMERA, ...change }, isTyping); };
    const refocus: Actions["refocus"] = (node, field) => {
      const { up, down, limit, jobs, past, at, diff, group, overlay, only, view: look } = view;
      const level = node.kind === "job" ? "table" : field === undefined ? view.level : "column";
      go({ kind: node.kind, namespace: node.namespace, name: node.name }, { up, down, limit, jobs, past, at, diff, group, overlay, only, view: look, level, col: field ?? "" });
    };
    const openGroup = (node: GraphNode): void => { show({ open: added(view.open, node.id), sel: node.members[0]?.id ?? "" }); };
    const named = (node: GraphNode, field: string | null): string | null => referenceOf(node, view.level === "column" ? field : null);
    return {
      show,
      select: (node, field) => { show({ sel: node?.id ?? "", part: field ?? "", edge: "" }); },
      handle: (node, side, isWholeLevel) => {
        const entry = sided(side, node.id);
        const more = (one: GraphNode): number => (side === "up" ? one.moreUp : one.moreDown);
        const folded = side === "up" ? node.foldedUp : node.foldedDown;
        if (folded > 0) {
          show({ fold: view.fold.filter((one) => one !== entry) });
          return;
        }
        if (more(node) === 0 && !isWholeLevel) {
          show({ fold: added(view.fold, entry) });
          return;
        }
        const level = (derived?.shown.nodes ?? []).filter((one) => one.kind !== "group" && one.kind !== "hidden" && one.hops === node.hops && more(one) > 0);
        show({ more: added(view.more, ...(isWholeLevel ? level.map((one) => sided(side, one.id)) : [entry])) });
      },
      openGroup,
      hide: (node) => { show({ hide: added(view.hide, ...(node.members.length > 0 ? node.members.map((one) => one.id) : [node.id])), sel: "", part: "" }); },
      open: (node) => {
        const params = { namespace: node.namespace, name: node.name };
        if (node.kind === "group") openGroup(node);
        else if (node.kind === "job") void navigate({ to: "/jobs/$namespace/$name/{-$tab}", params });
        else if (node.kind === "dataset") void navigate({ to: "/datasets/$namespace/$name/{-$tab}", params });
      },
      refocus,
      pathEnd: (which, node, field) => {
        const reference = named(node, field);
        if (reference !== null) show({ [which]: reference, k: 0, sel: "", part: "", edge: "" });
      },
      pathBetween: (from, to) => { show({ from: named(...from) ?? "", to: named(...to) ?? "", k: 0, sel: "", part: "", edge: "" }); },
    };
  }, [navigate, kind, namespace, name, view, derived]);
}
