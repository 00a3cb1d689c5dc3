// Somebody by the id that the log and the policies cite: by name where whoever looks may see it, else by the id's beginning.
import { useQuery } from "@tanstack/react-query";
import type { JSX } from "react";
import { ask, useMe } from "#/api";

const SHOWN = 8;
const ID = /^(?:user:)?([0-9a-f]{8}-[0-9a-f-]{27})$/;
const MINUTES = 60_000;

/** The name. What is no id (such as `system`) is shown as it is. */
export function Principal({ reference }: { reference: string }): JSX.Element {
  const me = useMe();
  const id = ID.exec(reference)?.[1];
  const isMe = id === me.id;
  const { data } = useQuery({ ...ask("GET /api/v1/users/{name}", { path: { name: id ?? "" } }), enabled: id !== undefined && !isMe, retry: false, staleTime: 10 * MINUTES });
  if (isMe) return <span>{me.name}</span>;
  if (data !== undefined) return <span title={data.id}>{data.displayName ?? data.name}</span>;
  return id === undefined ? <span>{reference}</span> : <code title={id}>{id.slice(0, SHOWN)}…</code>;
}
