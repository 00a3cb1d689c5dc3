// Sets a password, one's own or another's. Whoever has one shows it before they change it. What is typed is sent, and kept nowhere.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type JSX, useState } from "react";
import { request } from "#/api";
import { Button } from "#/design/Button";
import { TextField } from "#/design/Field";
import { Card } from "#/design/Page";
import { toast } from "#/design/Toasts";
import { ProblemBanner } from "#/parts/ProblemBanner";
import { useText } from "#/text/messages";
import styles from "./Admin.module.css";
import { admin } from "./messages";

const LENGTH_MIN = 12;

/** The form, in a card. */
export function PasswordForm({ name, hasPassword, isOwn = false }: { name: string; hasPassword: boolean | undefined; isOwn?: boolean }): JSX.Element {
  const text = useText(admin);
  const client = useQueryClient();
  const [current, setCurrent] = useState("");
  const [first, setFirst] = useState("");
  const [second, setSecond] = useState("");
  const [isTried, setTried] = useState(false);
  const isShown = isOwn && hasPassword === true;
  const isShort = Array.from(first).length < LENGTH_MIN;
  const set = useMutation({
    mutationFn: async () => { await request("PUT /api/v1/users/{name}/password", { path: { name }, body: { password: first, ...(isShown ? { current } : {}) } }); },
    onSuccess: async () => {
      toast(text.passwordSet);
      setCurrent("");
      setFirst("");
      setSecond("");
      setTried(false);
      await client.invalidateQueries({ queryKey: ["GET /api/v1/users/{name}/sessions"] });
      await client.invalidateQueries({ queryKey: ["GET /api/v1/users/{name}"] });
    },
  });
  return (
    <Card title={text.password}>
      <form className={styles["form"]} onSubmit={(event) => { event.preventDefault(); setTried(true); if (!isShort && first === second) set.mutate(); }}>
        {hasPassword !== undefined && <p className={styles["muted"]}>{hasPassword ? text.hasPassword : text.hasNoPassword}</p>}
        {isShown && <TextField label={text.currentPassword} type="password" autoComplete="current-password" value={current} onChange={setCurrent} isRequired />}
        <TextField label={text.newPassword} description={text.passwordWhy} type="password" autoComplete="new-password" value={first} onChange={setFirst} error={isTried && isShort ? text.passwordShort : undefined} />
        <TextField label={text.repeatPassword} type="password" autoComplete="new-password" value={second} onChange={setSecond} error={isTried && !isShort && first !== second ? text.passwordDiffers : undefined} />
        {set.error && <ProblemBanner problem={set.error} />}
        <div><Button type="submit" isPending={set.isPending}>{text.setPassword}</Button></div>
      </form>
    </Card>
  );
}
