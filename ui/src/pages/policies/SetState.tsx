// The state of a set of rules: a draft, in force, or in force formerly.
import { Archive, PencilLine } from "lucide-react";
import type { JSX } from "react";
import { Chip } from "#/design/Chip";
import { useText } from "#/text/messages";
import { policies } from "./messages";

/** The chip. */
export function SetState({ state }: { state: string }): JSX.Element {
  const text = useText(policies);
  if (state === "active") return <Chip tone="ok">{text.stateOf(state)}</Chip>;
  return <Chip icon={state === "draft" ? PencilLine : Archive} tone={state === "draft" ? "info" : "plain"}>{text.stateOf(state)}</Chip>;
}
