// Exports of the log, to a file of the person at the browser.
import { Download } from "lucide-react";
import { type JSX, useEffect, useRef, useState } from "react";
import * as Aria from "react-aria-components";
import { Link } from "@tanstack/react-router";
import { asProblem, type Problem, requestRaw } from "#/api";
import { Button } from "#/design/Button";
import { Dialog } from "#/design/Overlay";
import { ProblemPanel } from "#/parts/ProblemPanel";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import styles from "./Audit.module.css";
import { askedOf, type Filter, tokensOf } from "./filter";
import { audit } from "./messages";
import { saveFile } from "./save";

const FORMS = ["whole", "filtered", "ocsf"] as const;
type Form = (typeof FORMS)[number];

/** The button and its dialog. */
export function ExportButton({ filter }: { filter: Filter }): JSX.Element {
  const text = useText(audit);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button icon={Download} onPress={() => { setOpen(true); }}>{text.export}</Button>
      {isOpen && <ExportDialog filter={filter} onClose={() => { setOpen(false); }} />}
    </>
  );
}

type State = { kind: "idle" } | { kind: "running"; bytes: number } | { kind: "done"; bytes: number } | { kind: "failed"; problem: Problem };

function ExportDialog({ filter, onClose }: { filter: Filter; onClose: () => void }): JSX.Element {
  const text = useText(audit);
  const format = useFormat();
  const isFiltered = tokensOf(filter).length > 0;
  const [form, setForm] = useState<Form>(isFiltered ? "filtered" : "whole");
  const [state, setState] = useState<State>({ kind: "idle" });
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => { stop.current?.abort(); }, []);
  const run = async (): Promise<void> => {
    const { signal } = (stop.current = new AbortController());
    setState({ kind: "running", bytes: 0 });
    try {
      const bytes = await download(form, filter, signal, (so) => { setState({ kind: "running", bytes: so }); });
      setState({ kind: "done", bytes });
    } catch (thrown) {
      if (!signal.aborted) setState({ kind: "failed", problem: asProblem(thrown) });
    }
  };
  const words: Record<Form, readonly [string, string]> = { whole: [text.exportWhole, text.exportWholeWhy], filtered: [text.exportFiltered, text.exportFilteredWhy], ocsf: [text.exportOcsf, text.exportOcsfWhy] };
  return (
    <Dialog title={text.exportTitle} isOpen onClose={onClose} size="medium" actions={<Button variant="primary" icon={Download} isPending={state.kind === "running"} onPress={() => { void run(); }}>{text.download}</Button>}>
      <div className={styles["proofBody"]}>
        <Aria.RadioGroup aria-label={text.exportWhat} value={form} onChange={(value) => { setForm(FORMS.find((one) => one === value) ?? "whole"); setState({ kind: "idle" }); }} className={styles["choices"] ?? ""}>
          {FORMS.map((one) => (
            <Aria.RadioField key={one} value={one} isDisabled={one === "filtered" && !isFiltered}>
              <Aria.RadioButton className={styles["choice"] ?? ""}>
                <span className={styles["radio"]} /><span>{words[one][0]}</span><span className={styles["choiceWhy"]}>{words[one][1]}</span>
              </Aria.RadioButton>
            </Aria.RadioField>
          ))}
        </Aria.RadioGroup>
        <p className={styles["note"]}>{text.exportRecorded} <Link to="/verify">{text.verifyIt}</Link></p>
        <div role="status">
          {state.kind === "running" && text.downloading(format.bytes(state.bytes))}
          {state.kind === "done" && `${text.downloaded}: ${format.bytes(state.bytes)}`}
        </div>
        {state.kind === "failed" && <ProblemPanel problem={state.problem} />}
      </div>
    </Dialog>
  );
}

/** Downloads an export and saves it. Returns its size. */
async function download(form: Form, filter: Filter, signal: AbortSignal, told: (bytes: number) => void): Promise<number> {
  const query = form === "whole" ? {} : form === "filtered" ? askedOf(filter) : { ...askedOf(filter), format: "ocsf" as const };
  const response = await requestRaw("GET /api/v1/audit/export", { query }, signal);
  const parts: Blob[] = [];
  let bytes = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
    bytes += part.value.length;
    parts.push(new Blob([part.value]));
    told(bytes);
  }
  const day = new Date().toISOString().slice(0, 10);
  saveFile(form === "ocsf" ? `audit-${day}.ocsf.jsonl` : `audit-${day}.jsonl`, new Blob(parts, { type: "application/jsonl" }));
  return bytes;
}
