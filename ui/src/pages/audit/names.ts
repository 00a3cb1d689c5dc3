// Who hides behind a reference: names that the asker may see anyway. Records hold none; those who may not read the
// accounts see the references.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { ask, useCould, useMe } from "#/api";

const ACCOUNTS_MAX = 1_000;
const STALE = 60_000;

/** What people and service accounts are called, by reference. */
export type Names = ReadonlyMap<string, string>;

/** Returns the names that may be seen. A refusal is recorded in the log, so whoever was refused is not asked for again. */
export function useNames(): Names {
  const me = useMe();
  const query = { limit: ACCOUNTS_MAX };
  const once = { staleTime: STALE, retry: false, retryOnMount: false, refetchOnWindowFocus: false, gcTime: Infinity };
  const users = useQuery({ ...ask("GET /api/v1/users", { query }), ...once, enabled: useCould("user:read") }).data;
  const services = useQuery({ ...ask("GET /api/v1/service-accounts", { query }), ...once, enabled: useCould("service_account:read") }).data;
  return useMemo(() => {
    const names = new Map<string, string>();
    for (const { id, name, displayName } of users?.items ?? []) names.set(id, displayName ?? name);
    for (const { id, name } of services?.items ?? []) names.set(id, name);
    if (me.id != null) names.set(me.id, me.name);
    return names;
  }, [users, services, me]);
}

/** A reference, short enough for a table. */
export function shortRef(ref: string): string {
  return /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(ref) ? `…${ref.slice(-12)}` : ref;
}
