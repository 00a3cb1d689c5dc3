// A problem in one line, for what failed inside a page that is otherwise there: a change that was refused.
import type { JSX } from "react";
import type { Problem } from "#/api";
import { Banner } from "#/design/State";
import { useText } from "#/text/messages";
import { parts } from "./messages";
import { permissionOf } from "./permission";
import { useProblemWords } from "./problem_words";
import { Faults, RetryButton } from "./ProblemPanel";
import { WhyNot } from "./WhyNot";

/** The line. After a refusal it names what is missing and leads to the policy test. */
export function ProblemBanner({ problem, onRetry }: { problem: Problem; onRetry?: () => void }): JSX.Element {
  const text = useText(parts);
  const permission = problem.status === 403 ? permissionOf(problem) : null;
  const words = useProblemWords();
  const said = permission === null ? words(problem).detail : text.forbiddenChange;
  return (
    <Banner tone="danger" actions={onRetry && problem.isPassing ? <RetryButton problem={problem} onRetry={onRetry} /> : undefined}>
      {said}
      {permission !== null && <> {text.missingPermission(permission)} <WhyNot permission={permission} /></>}
      {problem.faults.length > 1 && <Faults problem={problem} />}
    </Banner>
  );
}
