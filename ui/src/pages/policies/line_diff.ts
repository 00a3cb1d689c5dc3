// Which lines of two texts differ, as Myers does it: the fewest lines taken and added.

/** A line of both texts, or of one. Numbers count from 1. */
export interface DiffLine {
  kind: "same" | "added" | "removed";
  text: string;
  before: number | null;
  after: number | null;
}

/** Steps after which the rest is told as replaced, so that no text takes longer than a blink. */
const STEPS_MAX = 1_000;

/** Compares two texts. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [before.split("\n"), after.split("\n")];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const same = (from: number, to: number, shift: number): DiffLine[] =>
    a.slice(from, to).map((text, place) => ({ kind: "same", text, before: from + place + 1, after: from + place + 1 + shift }));
  return [
    ...same(0, head, 0),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail), head),
    ...same(a.length - tail, a.length, b.length - a.length),
  ];
}

/** The part between what both begin and end with. */
function middle(a: readonly string[], b: readonly string[], head: number): DiffLine[] {
  const trace = search(a, b);
  const lines: DiffLine[] = [];
  let [x, y] = [a.length, b.length];
  const added = (): void => { y -= 1; lines.push({ kind: "added", text: b[y] ?? "", before: null, after: head + y + 1 }); };
  const removed = (): void => { x -= 1; lines.push({ kind: "removed", text: a[x] ?? "", before: head + x + 1, after: null }); };
  const kept = (): void => { x -= 1; y -= 1; lines.push({ kind: "same", text: a[x] ?? "", before: head + x + 1, after: head + y + 1 }); };
  if (trace === null) {
    while (y > 0) added();
    while (x > 0) removed();
    return lines.reverse();
  }
  for (let depth = trace.length - 1; depth > 0; depth -= 1) {
    const furthest = trace[depth - 1] ?? new Map<number, number>();
    const k = x - y;
    const isDown = k === -depth || (k !== depth && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1));
    const from = furthest.get(isDown ? k + 1 : k - 1) ?? 0;
    while (x > from + (isDown ? 0 : 1)) kept();
    if (isDown) added();
    else removed();
  }
  while (x > 0) kept();
  return lines.reverse();
}

/** The furthest reaching paths of every depth until both texts are through; null if that is too far. */
function search(a: readonly string[], b: readonly string[]): Map<number, number>[] | null {
  const trace: Map<number, number>[] = [];
  for (let depth = 0; depth <= STEPS_MAX; depth += 1) {
    const before = trace[depth - 1] ?? new Map<number, number>([[1, 0]]);
    const now = new Map<number, number>();
    for (let k = -depth; k <= depth; k += 2) {
      const isDown = k === -depth || (k !== depth && (before.get(k - 1) ?? -1) < (before.get(k + 1) ?? -1));
      let x = isDown ? (before.get(k + 1) ?? 0) : (before.get(k - 1) ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      now.set(k, x);
      if (x >= a.length && x - k >= b.length) return [...trace, now];
    }
    trace.push(now);
  }
  return null;
}
