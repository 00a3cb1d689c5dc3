// What went wrong, and what to do: in the place of what was asked for.
import { CloudOff, OctagonAlert, SearchX, ShieldX } from "lucide-react";
import { type JSX, useEffect, useState } from "react";
import { Link } from "@tanstack/react-router";
import type { Problem } from "#/api";
import { CopyButton } from "#/design/Bits";
import { Button } from "#/design/Button";
import { Empty } from "#/design/State";
import { useText } from "#/text/messages";
import { LinkButton } from "./LinkButton";
import { parts } from "./messages";
import { permissionOf } from "./permission";
import { useProblemWords } from "./problem_words";
import styles from "./ProblemPanel.module.css";
import { WhyNot } from "./WhyNot";

/** Returns the seconds until a time, counted down; 0 if it has passed. */
function useCountdown(until: number | null): number {
  const left = (): number => Math.max(0, Math.ceil(((until ?? 0) - Date.now()) / 1000));
  const [seconds, setSeconds] = useState(left);
  useEffect(() => {
    const timer = setInterval(() => { setSeconds(Math.max(0, Math.ceil(((until ?? 0) - Date.now()) / 1000))); }, 500);
    return () => { clearInterval(timer); };
  }, [until]);
  return seconds;
}

/** A button that tries again, once the server takes it again. */
export function RetryButton({ problem, onRetry }: { problem: Problem; onRetry: () => void }): JSX.Element {
  const text = useText(parts);
  const seconds = useCountdown(problem.retryAt);
  return <Button variant="primary" onPress={onRetry} isDisabled={seconds > 0}>{seconds > 0 ? text.retryIn(seconds) : text.retry}</Button>;
}

/** A problem, with whatever helps. */
export function ProblemPanel({ problem, onRetry }: { problem: Problem; onRetry?: () => void }): JSX.Element {
  const text = useText(parts);
  const said = useProblemWords()(problem);
  const permission = problem.status === 403 ? permissionOf(problem) : null;
  const icon = problem.status === 403 ? ShieldX : problem.status === 404 ? SearchX : problem.status === 0 ? CloudOff : OctagonAlert;
  const actions = (
    <>
      {permission !== null && <WhyNot permission={permission} />}
      {problem.status === 404 && <LinkButton to="/catalog" search={{}}>{text.search}</LinkButton>}
      {onRetry && problem.status !== 403 && problem.status !== 404 && <RetryButton problem={problem} onRetry={onRetry} />}
    </>
  );
  return (
    <div role="alert">
      <Empty title={said.title} icon={icon} actions={actions}>
        <p>{said.detail}</p>
        {permission !== null && <p>{text.missingPermission(permission)}</p>}
        <Faults problem={problem} />
        {problem.requestId !== null && (
          <p className={styles["request"]}>{text.requestId} <code>{problem.requestId}</code> <CopyButton text={problem.requestId} label={text.copyRequestId} /></p>
        )}
      </Empty>
    </div>
  );
}

/** Everything that is wrong with what was sent, where it is more than one thing. */
export function Faults({ problem }: { problem: Problem }): JSX.Element | null {
  const text = useText(parts);
  if (problem.faults.length < 2) return null;
  return (
    <ul className={styles["faults"]}>
      {problem.faults.map((fault) => <li key={`${fault.pointer} ${fault.code} ${fault.line ?? ""}`}><code>{fault.pointer}</code> {fault.message}</li>)}
      {problem.faultsLeftOut > 0 && <li>{text.faultsLeftOut(problem.faultsLeftOut)}</li>}
    </ul>
  );
}

/** For an address that leads nowhere. */
export function PageNotFound(): JSX.Element {
  const text = useText(parts);
  return <Empty title={text.notFoundTitle} icon={SearchX} actions={<Link to="/">{text.home}</Link>}><p>{text.pageNotFound}</p></Empty>;
}
