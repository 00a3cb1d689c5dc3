// The form to sign in: by name and password, by token, or by a one-time link. What is typed is sent, and kept nowhere.
import { type SubmitEvent, type JSX, useEffect, useState } from "react";
import { type Api, asProblem, type Problem, signIn } from "#/api";
import { Button } from "#/design/Button";
import { TextField } from "#/design/Field";
import { Banner } from "#/design/State";
import { Tabs } from "#/design/Tabs";
import { useText } from "#/text/messages";
import { parts } from "#/parts/messages";
import { signInText } from "./messages";
import styles from "./SignIn.module.css";

type Way = "password" | "token" | "link";

/** Returns the code of a link that was pasted whole, or of a code alone. */
export function codeOf(pasted: string): string {
  return /[?&]code=([^&#\s]+)/.exec(pasted)?.[1] ?? pasted.trim();
}

function useSecondsUntil(at: number | null): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => { setNow(Date.now()); }, 500);
    return () => { clearInterval(timer); };
  }, [at]);
  return Math.max(0, Math.ceil(((at ?? 0) - now) / 1000));
}

/** The form. `name` is filled in where it is known who it was. */
export function SignInForm({ name = "", problem: before, onDone }: { name?: string; problem?: Problem | undefined; onDone?: () => void }): JSX.Element {
  const text = useText(signInText);
  const [way, setWay] = useState<Way>(before === undefined ? "password" : "link");
  const [problem, setProblem] = useState<Problem | undefined>(before);
  const [isPending, setPending] = useState(false);
  const seconds = useSecondsUntil(problem?.retryAt ?? null);
  const told = useTold(problem, way);
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const said = new FormData(event.currentTarget);
    const field = (key: string): string => { const value = said.get(key); return typeof value === "string" ? value : ""; };
    const shown: Record<Way, () => Api.SignIn> = {
      password: () => ({ name: field("name"), password: field("password") }),
      token: () => ({ token: field("token").trim() }),
      link: () => ({ code: codeOf(field("link")) }),
    };
    setPending(true);
    signIn(shown[way]())
      .then(() => { onDone?.(); }, (thrown: unknown) => { setProblem(asProblem(thrown)); })
      .finally(() => { setPending(false); });
  };
  const panel = (fields: JSX.Element) => (): JSX.Element => (
    <form onSubmit={submit} className={styles["form"]}>
      {fields}
      {told !== null && <Banner tone="danger">{told}</Banner>}
      <Button type="submit" variant="primary" isPending={isPending} isDisabled={seconds > 0}>{seconds > 0 ? text.signInIn(seconds) : text.signIn}</Button>
    </form>
  );
  return (
    <Tabs<Way>
      label={text.method}
      value={way}
      onChange={(next) => { setWay(next); setProblem(undefined); }}
      tabs={[
        { id: "password", label: text.byPassword, panel: panel(<>
          <TextField label={text.name} name="name" autoComplete="username" defaultValue={name} isRequired autoFocus={name === ""} />
          <TextField label={text.password} name="password" type="password" autoComplete="current-password" isRequired autoFocus={name !== ""} />
        </>) },
        { id: "token", label: text.byToken, panel: panel(<TextField label={text.token} description={text.tokenWhy} name="token" type="password" autoComplete="off" isRequired mono autoFocus />) },
        { id: "link", label: text.byLink, panel: panel(<TextField label={text.link} description={text.linkWhy} name="link" autoComplete="off" isRequired mono autoFocus />) },
      ]}
    />
  );
}

function useTold(problem: Problem | undefined, way: Way): string | null {
  const text = useText(signInText);
  const shared = useText(parts);
  if (problem === undefined) return null;
  if (problem.status === 401) return way === "link" ? text.linkUsed : text.refused;
  return problem.status === 0 ? shared.offline : problem.detail;
}
