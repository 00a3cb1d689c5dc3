// Makes a service account and a token of it, for whoever may.
import { useMutation } from "@tanstack/react-query";
import { type JSX, useState } from "react";
import { request } from "#/api";
import { Button } from "#/design/Button";
import { TextField } from "#/design/Field";
import { Banner } from "#/design/State";
import { useText } from "#/text/messages";
import styles from "./Home.module.css";
import { home } from "./messages";

/** The form. */
export function TokenForm({ onToken }: { onToken: (token: string) => void }): JSX.Element {
  const text = useText(home);
  const [name, setName] = useState("first-pipeline");
  const [namespaces, setNamespaces] = useState("*");
  const make = useMutation({
    mutationFn: async () => {
      await request("PUT /api/v1/service-accounts/{name}", { path: { name }, body: { namespaces: namespaces.split(/[\s,]+/).filter(Boolean) } });
      return await request("POST /api/v1/service-accounts/{name}/tokens", { path: { name }, body: { name: "first" } });
    },
    onSuccess: (made) => { onToken(made.token); },
  });
  return (
    <form className={styles["form"]} onSubmit={(event) => { event.preventDefault(); make.mutate(); }}>
      <p>{text.tokenLead}</p>
      <div className={styles["fields"]}>
        <TextField label={text.account} value={name} onChange={setName} isRequired />
        <TextField label={text.namespaces} description={text.namespacesWhy} value={namespaces} onChange={setNamespaces} isRequired />
      </div>
      {make.error && <Banner tone="danger">{make.error.status === 403 ? text.forbiddenToken : make.error.detail}</Banner>}
      <div><Button type="submit" isPending={make.isPending}>{text.make}</Button></div>
    </form>
  );
}
