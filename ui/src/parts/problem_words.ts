// What the UI says of a problem itself, where the server said nothing or nothing for people.
import type { Problem } from "#/api";
import { useText } from "#/text/messages";
import { parts } from "./messages";

/** Returns what to say of a problem. */
export function useProblemWords(): (problem: Problem) => { title: string; detail: string } {
  const text = useText(parts);
  return (problem) => {
    const { code, status, title, detail } = problem;
    if (code === "offline") return { title: text.offlineTitle, detail: text.offline };
    if (code === "timeout") return { title: text.timeoutTitle, detail: text.timeout };
    if (code === "not-understood") return { title: text.brokenTitle, detail: text.broken };
    if (code === `http-${status}`) return { title: text.brokenTitle, detail: text.notLethe(status, detail) };
    if (status === 403 && code === "forbidden") return { title: text.forbiddenTitle, detail };
    if (status === 404) return { title: text.notFoundTitle, detail };
    return { title, detail: detail || title };
  };
}
