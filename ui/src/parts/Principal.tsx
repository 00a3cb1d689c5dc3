// Somebody by the id that the log and the policies cite: by name where whoever looks may see it, else by the id's beginning.
import { useQuery } from "@tanstack/react-query";
import type { JSX } from "react";
import { ask, useCould, useMe } from "#/api";

const SHOWN = 8;
const ID = /^(?:user:)?([0-9a-f]{8}-[0-9a-f-]{27})$/;
const PEOPLE = 1_000;
const MINUTES = 60_000;

/** The name. What is no id (such as `system`) is shown as it is. */
export function Principal({ reference }: { reference: string }): JSX.Element {
  const me = useMe();
  const mayKnow = useCould("user:read");
  const id = ID.exec(reference)?.[1];
  const isMe = id === me.id;
  // One list for all that are shown: somebody who is not a person, or not any more, is no failure then.
  const { data } = useQuery({ ...ask("GET /api/v1/users", { query: { limit: PEOPLE } }), enabled: mayKnow && id !== undefined && !isMe, retry: false, staleTime: 10 * MINUTES });
  const found = data?.items.find((one) => one.id === id);
  if (isMe) return <span>{me.name}</span>;
  if (found !== undefined) return <span title={found.id}>{found.displayName ?? found.name}</span>;
  return id === undefined ? <span>{reference}</span> : <code title={id}>{id.slice(0, SHOWN)}…</code>;
}
