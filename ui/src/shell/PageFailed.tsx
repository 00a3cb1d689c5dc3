// A page that failed in itself: the shell stays, and says so.
import { OctagonAlert } from "lucide-react";
import type { JSX } from "react";
import { Problem } from "#/api";
import { Button } from "#/design/Button";
import { Empty } from "#/design/State";
import { ProblemPanel } from "#/parts/ProblemPanel";
import { useText } from "#/text/messages";
import { shell } from "./messages";

/** What is shown in the place of the page. */
export function PageFailed({ error, reset }: { error: unknown; reset?: () => void }): JSX.Element {
  const text = useText(shell);
  if (error instanceof Problem) return <ProblemPanel problem={error} {...(reset ? { onRetry: reset } : {})} />;
  return (
    <Empty title={text.failedTitle} icon={OctagonAlert} actions={<Button variant="primary" onPress={() => { location.reload(); }}>{text.reload}</Button>}>
      <p>{text.failed}</p>
    </Empty>
  );
}
