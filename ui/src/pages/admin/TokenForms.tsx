// The making of a token, and the one time that its text is told.
import { useMutation } from "@tanstack/react-query";
import { type JSX, useState } from "react";
import { type Api, request } from "#/api";
import { Code } from "#/design/Bits";
import { Button } from "#/design/Button";
import { ComboField } from "#/design/Combo";
import { TextField } from "#/design/Field";
import { Dialog } from "#/design/Overlay";
import { Banner } from "#/design/State";
import { ACTS, ALL_ACTS } from "#/parts/acts";
import { ProblemBanner } from "#/parts/ProblemBanner";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import styles from "./Admin.module.css";
import { admin } from "./messages";
import { wordsOf } from "./ServiceForm";
import type { Owner } from "./Tokens";

const SCOPES = [...Object.keys(ACTS).map((kind) => `${kind}:*`), ...ALL_ACTS];

/** Acts that go on from what is typed: the last of them is suggested. */
function scopeSuggestions(typed: string): { id: string }[] {
  const at = typed.lastIndexOf("|") + 1;
  const [before, last] = [typed.slice(0, at), typed.slice(at).trim()];
  return SCOPES.filter((scope) => scope.startsWith(last) && !before.split("|").includes(scope)).map((scope) => ({ id: before + scope }));
}

/** The form. */
export function NewToken({ owner, onMade, onClose }: { owner: Owner; onMade: (token: Api.TokenMade) => void; onClose: () => void }): JSX.Element {
  const text = useText(admin);
  const [name, setName] = useState("");
  const [days, setDays] = useState("90");
  const [scopes, setScopes] = useState("");
  const [namespaces, setNamespaces] = useState("");
  const isDays = /^\d{1,3}$/.test(days) && Number(days) >= 1 && Number(days) <= 366;
  const make = useMutation({
    mutationFn: async () => {
      const body = {
        name: name.trim(), expiresInDays: Number(days),
        ...(scopes.trim() === "" ? {} : { scopes: scopes.trim() }), ...(wordsOf(namespaces).length === 0 ? {} : { namespaces: wordsOf(namespaces) }),
      };
      const path = { name: owner.name };
      return owner.kind === "user" ? await request("POST /api/v1/users/{name}/tokens", { path, body }) : await request("POST /api/v1/service-accounts/{name}/tokens", { path, body });
    },
    onSuccess: onMade,
  });
  return (
    <Dialog title={text.newToken} isOpen onClose={onClose} size="medium" actions={<><Button onPress={onClose}>{text.cancel}</Button><Button variant="primary" type="submit" form="new-token" isPending={make.isPending}>{text.make}</Button></>}>
      <form id="new-token" className={styles["form"]} onSubmit={(event) => { event.preventDefault(); if (isDays) make.mutate(); }}>
        <div className={styles["fields"]}>
          <TextField label={text.tokenName} value={name} onChange={setName} isRequired autoFocus autoComplete="off" />
          <TextField label={text.expires} description={text.expiresWhy} value={days} onChange={setDays} inputMode="numeric" isRequired error={isDays ? undefined : text.expiresWhy} />
        </div>
        <ComboField label={text.scopes} description={text.scopesWhy} value={scopes} onChange={setScopes} suggestions={scopeSuggestions(scopes)} mono />
        <TextField label={text.namespaces} description={text.namespacesWhy} value={namespaces} onChange={setNamespaces} mono />
        {make.error && <ProblemBanner problem={make.error} />}
      </form>
    </Dialog>
  );
}

/** The token's text. In memory only; gone when the dialog is closed, which nothing but its button does. */
export function TokenTold({ token, onClose }: { token: Api.TokenMade; onClose: () => void }): JSX.Element {
  const text = useText(admin);
  const format = useFormat();
  return (
    <Dialog title={text.tokenMade} isOpen isStrict onClose={onClose} size="medium" actions={<Button variant="primary" onPress={onClose}>{text.copied}</Button>}>
      <Banner tone="warn">{text.tokenMadeWhy}</Banner>
      <Code code={token.token} label={token.name} />
      <p className={styles["muted"]}>{text.tokenEnds(format.dateTime(token.expiresAt))}</p>
    </Dialog>
  );
}
