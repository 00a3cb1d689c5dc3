// How long runs took, one bar each, the oldest first. The table of runs tells the same.
import { useNavigate } from "@tanstack/react-router";
import type { JSX } from "react";
import type { Api } from "#/api";
import { Bars } from "#/design/Bars";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import { jobs } from "./messages";

const TONES: Record<string, "bad" | "open"> = { FAILED: "bad", ABORTED: "bad", RUNNING: "open", NEW: "open" };

/** The bars of runs that come latest first. */
export function Durations({ runs }: { runs: readonly Api.RunBody[] }): JSX.Element {
  const text = useText(jobs);
  const format = useFormat();
  const navigate = useNavigate();
  const bars = [...runs].reverse().map((run) => {
    const span = run.durationMs == null ? text.notOver : format.duration(run.durationMs);
    const at = run.startedAt ? format.dateTime(run.startedAt) : run.id;
    return { id: run.id, value: run.durationMs ?? null, title: `${at}: ${run.state}, ${span}`, tone: TONES[run.state], onOpen: () => { void navigate({ to: "/runs/$id", params: { id: run.id } }); } };
  });
  return <Bars label={text.durations(runs.length)} bars={bars} format={format.duration} />;
}
