// Pages are loaded when they are gone to. Where the server is gone by then, that is told in the page's place, and mended when it is
// back; the router's own way would load the whole UI again, and leave people with the browser's error page.
import { type ComponentType, type JSX, use, useEffect, useReducer } from "react";
import { asProblem, Problem, request } from "#/api";
import { ProblemPanel } from "./ProblemPanel";

/** A page, or a part of one, that is loaded when it is gone to, or before by `preload`. */
export type LazyPage<P> = ((props: P) => JSX.Element) & { preload: () => Promise<void> };

/** How long to wait before a page is looked for again where nobody answered. */
const AGAIN_MS = 2_000;
const RELOADED = "lethe.reloaded";

/** Why code could not be loaded: nobody is there, or a newer server with other files, which the UI is loaded from again, once. */
async function whyNot(thrown: unknown): Promise<Problem> {
  const gone = await request("GET /readyz", {}, { timeout: 5_000 }).then(() => null, asProblem);
  if (gone?.status === 0) return new Problem({ code: "offline" }, { asked: "page" });
  const failed = String(thrown);
  if (sessionStorage.getItem(RELOADED) !== failed) {
    sessionStorage.setItem(RELOADED, failed);
    location.reload();
  }
  return asProblem(thrown);
}

/** Makes a page of what a file exports. */
export function lazyPage<N extends string, P extends object = object>(importer: () => Promise<Record<N, ComponentType<P>>>, name: N): LazyPage<P> {
  let page: ComponentType<P> | null = null;
  let problem: Problem | null = null;
  let loading: Promise<void> | null = null;
  const preload = (): Promise<void> => {
    loading ??= importer().then(
      (file) => { page = file[name]; problem = null; },
      async (thrown: unknown) => { problem = await whyNot(thrown); },
    );
    return loading;
  };
  function Lazy(props: P): JSX.Element {
    const [, show] = useReducer((times: number) => times + 1, 0);
    // What is there is shown at once: whoever waits for a promise, even for one that is kept, is held back by React.
    if (page === null && problem === null) use(preload());
    if (page !== null) {
      const Page = page;
      return <Page {...props} />;
    }
    const retry = (): void => { loading = null; void preload().then(show); };
    return <NotLoaded problem={problem ?? asProblem(null)} onRetry={retry} />;
  }
  return Object.assign(Lazy, { preload });
}

function NotLoaded({ problem, onRetry }: { problem: Problem; onRetry: () => void }): JSX.Element {
  useEffect(() => {
    const timer = problem.status === 0 ? setTimeout(onRetry, AGAIN_MS) : undefined;
    return () => { clearTimeout(timer); };
  }, [problem, onRetry]);
  return <ProblemPanel problem={problem} onRetry={onRetry} />;
}
