// Deletes a draft.
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { JSX } from "react";
import { request } from "#/api";
import { toast } from "#/design/Toasts";
import { Confirm } from "#/parts/Confirm";
import { useText } from "#/text/messages";
import { policies } from "./messages";

/** The question before. */
export function Drop({ version, onClose }: { version: number; onClose: () => void }): JSX.Element {
  const text = useText(policies);
  const client = useQueryClient();
  const navigate = useNavigate();
  const drop = async (): Promise<void> => {
    await request("DELETE /api/v1/policies/{version}", { path: { version } });
    toast(text.dropped(version));
    await navigate({ to: "/policies" });
    await client.invalidateQueries({ queryKey: ["GET /api/v1/policies"] });
  };
  return <Confirm title={text.dropTitle(version)} facts={[text.dropFacts, text.dropNumber, text.activateRecord]} act={text.drop} onAct={drop} onClose={onClose} />;
}
