// The open sessions of a person, in a card: each can be ended, or all of them.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type JSX, useState } from "react";
import { type Api, ask, loadSession, request } from "#/api";
import { When } from "#/design/Bits";
import { Button } from "#/design/Button";
import { Chip } from "#/design/Chip";
import { DataTable } from "#/design/DataTable";
import { Card } from "#/design/Page";
import { toast } from "#/design/Toasts";
import { Confirm } from "#/parts/Confirm";
import { Loaded } from "#/parts/Loaded";
import { ProblemBanner } from "#/parts/ProblemBanner";
import { useText } from "#/text/messages";
import styles from "./Admin.module.css";
import { admin } from "./messages";

/** The sessions. */
export function Sessions({ name }: { name: string }): JSX.Element {
  const text = useText(admin);
  const client = useQueryClient();
  const [isEnding, setEnding] = useState(false);
  const query = useQuery(ask("GET /api/v1/users/{name}/sessions", { path: { name } }));
  const items = query.data?.items ?? [];
  const refresh = async (hasOwn: boolean): Promise<void> => {
    if (hasOwn) await loadSession();
    else await client.invalidateQueries({ queryKey: ["GET /api/v1/users/{name}/sessions"] });
  };
  const end = useMutation({
    mutationFn: async (one: Api.SessionEntry) => { await request("DELETE /api/v1/users/{name}/sessions/{id}", { path: { name, id: one.id } }); },
    onSuccess: async (_, one) => { toast(text.sessionEnded); await refresh(one.current); },
  });
  const endAll = async (): Promise<void> => {
    await request("DELETE /api/v1/users/{name}/sessions", { path: { name } });
    await refresh(items.some((one) => one.current));
  };
  return (
    <Card title={text.sessions} isFlush actions={items.length > 1 && <Button variant="danger" onPress={() => { setEnding(true); }}>{text.endAll}</Button>}>
      {end.error && <div className={styles["inset"]}><ProblemBanner problem={end.error} /></div>}
      <Loaded query={query} lines={3}>
        {(told) => (told.items.length === 0 ? <p className={styles["inset"]}>{text.noSessions}</p> : (
          <div className={styles["inCard"]}><DataTable
            label={text.sessions} rows={told.items} idOf={(one) => one.id}
            columns={[
              { id: "by", header: text.signedInBy, isRowHeader: true, cell: (one) => <span className={styles["name"]}>{text.auth(one.auth)} {one.current && <Chip tone="info">{text.thisOne}</Chip>}</span> },
              { id: "since", header: text.since, cell: (one) => <When at={one.createdAt} /> },
              { id: "seen", header: text.seen, cell: (one) => <When at={one.seenAt} /> },
              { id: "ends", header: text.ends, cell: (one) => <When at={one.expiresAt} /> },
              { id: "end", header: "", cell: (one) => <Button variant="quiet" isPending={end.isPending && end.variables.id === one.id} onPress={() => { end.mutate(one); }}>{text.endSession}</Button> },
            ]}
          /></div>
        ))}
      </Loaded>
      {isEnding && <Confirm title={text.endAllTitle} facts={[text.endAllFacts(items.length), ...(items.some((one) => one.current) ? [text.endAllOwn] : [])]} act={text.endAll} onAct={endAll} onClose={() => { setEnding(false); }} />}
    </Card>
  );
}
