// The impact table: what the graph shows, as rows. Made of the same graph, so that both always agree.
import type { Api } from "#/api";
import type { Unit, Walker } from "../model/closure";
import { type Graph, type GraphNode, strongerCarry, weakerCarry } from "../model/graph";

/** A row. */
export interface Row {
  readonly place: number;
  readonly node: GraphNode;
  /** The nodes between the focus and it on a shortest way, nearest first. */
  readonly via: readonly number[];
  /** What is carried to it (or from it) at most; null if nothing leads there. */
  readonly carry: Api.Carry | null;
  /** The jobs of the last step. */
  readonly jobs: readonly string[];
}

interface Reached {
  unit: Unit;
  before: string | null;
  edge: number;
  carry: Api.Carry;
}

const key = ([place, field]: Unit): string => `${place} ${field ?? ""}`;

/** Walks from the focus one way: shortest ways, and what is carried at most over any. */
function reach(graph: Graph, walker: Walker, side: "up" | "down"): Map<string, Reached> {
  const found = new Map<string, Reached>();
  const starts = graph.nodes.flatMap((node, place): Unit[] => (node.hops === 0 ? [[place, null]] : []));
  for (const unit of starts) found.set(key(unit), { unit, before: null, edge: -1, carry: "direct" });
  const queue = [...found.keys()];
  // The queue grows while it is gone through.
  for (const at of queue) {
    const from = found.get(at);
    if (!from) continue;
    for (const [edge, unit] of walker.stepsWithEdges(from.unit[0], from.unit[1], side)) {
      const carry = weakerCarry(from.carry, graph.edges[edge]?.carry ?? "unknown");
      const known = found.get(key(unit));
      if (!known) {
        found.set(key(unit), { unit, before: key(from.unit), edge, carry });
        queue.push(key(unit));
      } else if (strongerCarry(known.carry, carry) !== known.carry) {
        known.carry = carry;
        queue.push(key(unit));
      }
    }
  }
  return found;
}

/** Makes the rows: all nodes but the focus, nearest first. */
export function rowsOf(graph: Graph, walker: Walker): Row[] {
  const reached = { up: reach(graph, walker, "up"), down: reach(graph, walker, "down") };
  const firsts = { up: firstByPlace(reached.up), down: firstByPlace(reached.down) };
  return graph.nodes.flatMap((node, place): Row[] => {
    if (node.hops === 0) return [];
    const side = node.hops < 0 ? "up" : "down";
    const units = firsts[side].get(place) ?? [];
    const first = units[0];
    const via: number[] = [];
    for (let at = first && reached[side].get(first.before ?? ""); at && at.before !== null; at = reached[side].get(at.before)) {
      if (!via.includes(at.unit[0])) via.unshift(at.unit[0]);
    }
    const carry = units.reduce<Api.Carry | null>((best, one) => (best === null ? one.carry : strongerCarry(best, one.carry)), null);
    const jobs = first ? (graph.edges[first.edge]?.told?.jobs.map((job) => job.name) ?? []) : [];
    return [{ place, node, via, carry, jobs }];
  }).sort((a, b) => Math.abs(a.node.hops) - Math.abs(b.node.hops) || a.place - b.place);
}

function firstByPlace(reached: ReadonlyMap<string, Reached>): Map<number, Reached[]> {
  const byPlace = new Map<number, Reached[]>();
  for (const one of reached.values()) {
    const known = byPlace.get(one.unit[0]);
    if (known) known.push(one);
    else byPlace.set(one.unit[0], [one]);
  }
  return byPlace;
}

/** Writes rows as RFC 4180 text. Cells that a spreadsheet would run as formulas are made plain text. */
export function csv(rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number): string => {
    const text = String(value);
    return `"${/^[=+\-@\t\r]/.test(text) && typeof value === "string" ? "'" : ""}${text.replaceAll('"', '""')}"`;
  };
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}
