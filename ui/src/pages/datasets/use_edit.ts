// A change on its way: shown at once and marked as not yet kept, undone if the server refuses, told if somebody else changed
// the same meanwhile, and taken back by its opposite.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId } from "react";
import { asProblem, type Problem, request } from "#/api";
import type { Dataset } from "./dataset";
import type { Editable } from "./edits";

/** Somebody else changed it since the change was begun. */
class Conflict<V> extends Error {
  constructor(readonly theirs: V) {
    super("conflict");
  }
}

interface Sent<V> {
  after: V;
  /** What stood when the change was begun. */
  before: V;
  /** Whether it is kept whatever stands now. */
  isForced?: boolean;
}

/** How a change is. */
export type EditState<V> =
  | { is: "none" }
  | { is: "saving"; after: V }
  | { is: "saved"; undo: () => void }
  | { is: "conflict"; theirs: V; mine: V; keepMine: () => void }
  | { is: "refused"; problem: Problem; mine: V; retry: () => void };

/** What an editor works with. */
export interface Edit<V> {
  /** What to show: what is being saved, else what stands. */
  shown: V;
  stands: V;
  state: EditState<V>;
  save: (after: V, before: V) => void;
  /** Forgets how the last change ended. */
  forget: () => void;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Returns how something of a dataset is changed. */
export function useEdit<V>(dataset: Dataset, what: Editable<V>): Edit<V> {
  const client = useQueryClient();
  const stands = what.read(dataset);
  // Changes of one thing are sent one after the other: the next begins with what the one before leaves.
  const scope = useId();
  const mutation = useMutation<unknown, unknown, Sent<V>>({
    scope: { id: scope },
    mutationFn: async ({ after, before, isForced }) => {
      const { namespace, name } = dataset;
      const now = (await request("GET /api/v1/datasets", { query: { namespace, name } })).items[0];
      const theirs = now ? what.read(now) : before;
      if (!isForced && !same(theirs, before)) throw new Conflict(theirs);
      await what.write(dataset, after, theirs);
    },
    // Not over before what stands is known again, so that nothing flickers back.
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: ["GET /api/v1/datasets"] });
      void client.invalidateQueries({ queryKey: ["GET /api/v1/events"] });
    },
  });
  const { variables: sent, error } = mutation;
  const again = (how: Sent<V>): void => { mutation.mutate(how); };
  const state = (): EditState<V> => {
    if (sent === undefined) return { is: "none" };
    if (mutation.isPending) return { is: "saving", after: sent.after };
    if (error instanceof Conflict) return { is: "conflict", theirs: error.theirs as V, mine: sent.after, keepMine: () => { again({ ...sent, isForced: true }); } };
    if (error) return { is: "refused", problem: asProblem(error), mine: sent.after, retry: () => { again(sent); } };
    return { is: "saved", undo: () => { again({ after: sent.before, before: stands }); } };
  };
  return {
    shown: mutation.isPending ? sent?.after ?? stands : stands,
    stands,
    state: state(),
    save: (after, before) => { if (!same(after, before)) again({ after, before }); },
    forget: () => { mutation.reset(); },
  };
}
