// The form of a service account: made by it, or changed.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type JSX, useState } from "react";
import { type Api, request } from "#/api";
import { Button } from "#/design/Button";
import { TextField } from "#/design/Field";
import { ProblemBanner } from "#/parts/ProblemBanner";
import { useText } from "#/text/messages";
import styles from "./Admin.module.css";
import { admin } from "./messages";
import { RolesField } from "./RolesField";

/** Words between spaces and commas. */
export const wordsOf = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);

/** The form. Without `account` it makes one. */
export function ServiceForm({ account, taken = [], onSaved }: { account?: Api.AccountEntry; taken?: readonly string[]; onSaved: (account: Api.AccountEntry) => void }): JSX.Element {
  const text = useText(admin);
  const client = useQueryClient();
  const [name, setName] = useState(account?.name ?? "");
  const [namespaces, setNamespaces] = useState(account?.namespaces.join(" ") ?? "");
  const [roles, setRoles] = useState<Api.RoleGiven[]>(account?.roles ?? []);
  const isTaken = account === undefined && taken.includes(name.trim());
  const save = useMutation({
    mutationFn: async () => await request("PUT /api/v1/service-accounts/{name}", { path: { name: name.trim() }, body: { namespaces: wordsOf(namespaces), roles } }),
    onSuccess: async (saved) => {
      await client.invalidateQueries({ queryKey: ["GET /api/v1/service-accounts"] });
      onSaved(saved);
    },
  });
  return (
    <form className={styles["form"]} onSubmit={(event) => { event.preventDefault(); if (!isTaken) save.mutate(); }}>
      {account === undefined && <TextField label={text.name} value={name} onChange={setName} isRequired autoFocus autoComplete="off" error={isTaken ? text.taken : undefined} />}
      <TextField label={text.accountNamespaces} description={text.namespacesWhy.split(".")[0]} value={namespaces} onChange={setNamespaces} mono />
      <RolesField roles={roles} onChange={setRoles} />
      {save.error && <ProblemBanner problem={save.error} />}
      <div><Button type="submit" variant="primary" isPending={save.isPending}>{account === undefined ? text.newAccount : text.save}</Button></div>
    </form>
  );
}
