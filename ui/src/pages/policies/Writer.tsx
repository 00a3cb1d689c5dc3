// The writing of a draft: the text areas, what the server found in them, and saving.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useBlocker, useNavigate } from "@tanstack/react-router";
import { type JSX, useMemo, useRef, useState } from "react";
import { type Api, type Problem, request } from "#/api";
import { Button } from "#/design/Button";
import { TextField } from "#/design/Field";
import { Tabs } from "#/design/Tabs";
import { toast } from "#/design/Toasts";
import { Confirm } from "#/parts/Confirm";
import { ProblemBanner } from "#/parts/ProblemBanner";
import { useText } from "#/text/messages";
import { Changes } from "./Changes";
import { Editor, goToLine } from "./Editor";
import { SIMULATION_TIMEOUT, Told } from "./Effects";
import { Faults, isFault, marksOf } from "./Faults";
import { policies } from "./messages";
import styles from "./Policies.module.css";

const route = getRouteApi("/policies/new");

/** The writing. */
export function Writer({ base }: { base: Api.PolicyBody }): JSX.Element {
  const text = useText(policies);
  const view = route.useSearch();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [csv, setCsv] = useState(base.csv);
  const [cases, setCases] = useState(base.cases);
  const [note, setNote] = useState("");
  const rules = useRef<HTMLTextAreaElement>(null);
  const examples = useRef<HTMLTextAreaElement>(null);
  const isSaved = useRef(false);
  const isDirty = csv !== base.csv || cases !== base.cases || note !== "";
  const leaving = useBlocker({
    shouldBlockFn: ({ current, next }) => isDirty && !isSaved.current && current.pathname !== next.pathname,
    enableBeforeUnload: () => isDirty && !isSaved.current,
    withResolver: true,
  });
  const check = useMutation({ mutationFn: async (checked: string) => await request("POST /api/v1/policies/simulate", { body: { csv: checked } }, { timeout: SIMULATION_TIMEOUT }) });
  const save = useMutation({
    mutationFn: async () => await request("POST /api/v1/policies", { body: { csv, cases, note } }, { timeout: SIMULATION_TIMEOUT }),
    onSuccess: async ({ version }) => {
      isSaved.current = true;
      toast(text.saved(version));
      await client.invalidateQueries({ queryKey: ["GET /api/v1/policies"] });
      await navigate({ to: "/policies/$version", params: { version: String(version) }, search: { tab: "findings" } });
    },
  });
  // The latest of the two tells what is wrong now; a text that was changed since is marked all the same, and said to be.
  const latest = save.submittedAt > check.submittedAt ? save : check;
  const { error } = latest;
  const faults = useMemo(() => (error !== null && isFault(error) ? error.faults : []), [error]);
  const marks = useMemo(() => ({ csv: marksOf(faults, "csv"), cases: marksOf(faults, "cases") }), [faults]);
  const isStale = check.variables !== undefined && check.variables !== csv;
  const goTo = (part: string, line: number): void => { goToLine(part === "cases" ? examples.current : rules.current, line); };
  return (
    <div className={styles["write"]}>
      <form className={styles["stack"]} onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
        <div><span className={styles["label"]} aria-hidden>{text.rulesText}</span><Editor label={text.rulesText} value={csv} onChange={setCsv} marks={marks.csv} area={rules} /></div>
        <div><span className={styles["label"]} aria-hidden>{text.casesText}</span><Editor label={text.casesText} value={cases} onChange={setCases} marks={marks.cases} area={examples} isLow placeholder={text.casesPlaceholder} /></div>
        <TextField label={text.noteText} value={note} onChange={setNote} placeholder={text.notePlaceholder} />
        {error !== null && !isFault(error) && <ProblemBanner problem={error} />}
        <div className={styles["bar"]}>
          <Button onPress={() => { check.mutate(csv); }} isPending={check.isPending}>{text.check}</Button>
          <Button type="submit" variant="primary" isPending={save.isPending}>{text.saveDraft}</Button>
          <span className={styles["muted"]}>{text.draftLead}</span>
        </div>
      </form>
      <Tabs
        label={text.parts} value={view.tab} onChange={(tab) => { void navigate({ to: "/policies/new", search: { ...view, tab } }); }}
        tabs={[
          { id: "problems", label: text.problems, count: faults.length > 0 ? String(faults.length) : undefined, panel: () => <Faults faults={faults} isChecked={latest.status === "success" || isFault(error)} isStale={isStale} onGo={goTo} /> },
          { id: "changes", label: text.changes, panel: () => <Changes before={base.csv} after={csv} /> },
          { id: "effects", label: text.effects, panel: () => <Outcome told={check.data} problem={check.error} isStale={isStale} /> },
        ]}
      />
      {leaving.status === "blocked" && <Confirm title={text.leaveTitle} facts={[text.leaveFacts]} act={text.leave} onAct={() => { leaving.proceed(); return Promise.resolve(); }} onClose={() => { if (!isSaved.current) leaving.reset(); }} />}
    </div>
  );
}

function Outcome({ told, problem, isStale }: { told: Api.SimulationBody | undefined; problem: Problem | null; isStale: boolean }): JSX.Element {
  const text = useText(policies);
  if (told === undefined) return problem === null || isFault(problem) ? <p className={styles["muted"]}>{text.notChecked}</p> : <ProblemBanner problem={problem} />;
  return <div className={styles["stack"]}>{isStale && <p className={styles["muted"]}>{text.stale}</p>}<Told told={told} /></div>;
}
