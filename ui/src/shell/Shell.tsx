// The frame around every page: rail, bar, notices; before it the gate that asks who is there.
import { useQueryClient } from "@tanstack/react-query";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { type JSX, lazy, Suspense, useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { loadSession, useConnection, useLiveQueries, useSession } from "#/api";
import { clockSkew } from "#/base/clock";
import { onBadParam } from "#/base/view";
import { preference } from "#/base/preference";
import { listen } from "#/commands/keys";
import { useCommands } from "#/commands/commands";
import { Banner } from "#/design/State";
import { toast, Toasts } from "#/design/Toasts";
import { ProblemPanel } from "#/parts/ProblemPanel";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import { Aside } from "./Aside";
import { useGlobalCommands } from "./global_commands";
import { shell } from "./messages";
import { Rail } from "./Rail";
import { TopBar } from "./TopBar";
import { Waiting } from "./Waiting";
import styles from "./Shell.module.css";

const loadExpired = () => import("./SessionExpired");
const loadPalette = () => import("./Palette");
const SignInPage = lazy(() => import("./SignInPage"));
const SessionExpired = lazy(loadExpired);
const Palette = lazy(loadPalette);
const Help = lazy(() => import("./Help"));
/** When what may be needed while the server is gone is loaded: after the page itself. */
const IDLE_MS = 3_000;

/** Whether the rail is folded to its icons. */
export const railWidth = preference("rail", ["wide", "narrow"], "wide");
/** Pages that whoever is not signed in may see too, and that work while the server is gone. */
const PUBLIC = ["/verify"];

/** The gate: lets whoever is signed in to the frame, and asks the others. */
export function Shell(): JSX.Element {
  const session = useSession();
  const path = useRouterState({ select: (state) => state.location.pathname });
  if (PUBLIC.includes(path) && (session.state === "out" || session.state === "failed")) return <main className={styles["alone"]}><Outlet /></main>;
  if (session.state === "unknown") return <Waiting />;
  if (session.state === "failed") return <main className={styles["alone"]}><ProblemPanel problem={session.problem} onRetry={() => { void loadSession(); }} /></main>;
  if (session.state === "out") return <Suspense fallback={<Waiting />}><SignInPage problem={session.problem} /></Suspense>;
  return (
    <>
      <Frame />
      <Suspense>{session.state === "expired" && <SessionExpired name={session.me.name} />}</Suspense>
    </>
  );
}

function useBadParams(): void {
  const text = useText(shell);
  useEffect(() => onBadParam((name) => { toast(text.badParam(name)); }), [text]);
}

/** Asks for everything that is shown anew once the server is back. */
function useComingBack(isOffline: boolean): void {
  const client = useQueryClient();
  const wasOffline = useRef(false);
  useEffect(() => {
    if (wasOffline.current && !isOffline) void client.invalidateQueries();
    wasOffline.current = isOffline;
  }, [isOffline, client]);
}

const SKEW_TOLD = 120_000;

/** Says that this computer's clock is off, where it is by minutes. */
function ClockNotice(): JSX.Element | null {
  const text = useText(shell);
  const { duration } = useFormat();
  const skew = useSyncExternalStore(clockSkew.watch, clockSkew.get);
  if (Math.abs(skew) < SKEW_TOLD) return null;
  return <Banner tone="warn">{(skew > 0 ? text.clockBehind : text.clockAhead)(duration(Math.round(Math.abs(skew) / 60_000) * 60_000))}</Banner>;
}

function Frame(): JSX.Element {
  const text = useText(shell);
  const search = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState<"palette" | "help" | "rail" | null>(null);
  const width = useSyncExternalStore(railWidth.watch, railWidth.get);
  const isOffline = useConnection() === "offline";
  useComingBack(isOffline);
  useLiveQueries();
  useEffect(() => {
    const timer = setTimeout(() => { void Promise.allSettled([loadExpired(), loadPalette()]); }, IDLE_MS);
    return () => { clearTimeout(timer); };
  }, []);
  const close = useCallback(() => { setOpen(null); }, []);
  useBadParams();
  useEffect(listen, []);
  useCommands(useGlobalCommands(search, setOpen));
  return (
    <div className={styles["frame"]}>
      <a className={styles["skip"]} href="#content" onClick={(event) => { event.preventDefault(); document.getElementById("content")?.focus(); }}>{text.skip}</a>
      <Rail isNarrow={width === "narrow"} isOpen={open === "rail"} onGo={close} />
      <div className={styles["main"]}>
        <TopBar search={search} onPalette={() => { setOpen("palette"); }} onRail={() => { setOpen("rail"); }} />
        {isOffline && <Banner tone="danger">{text.offlineBanner}</Banner>}
        <ClockNotice />
        <main id="content" tabIndex={-1} className={styles["content"]}><Outlet /></main>
      </div>
      <Aside key={open}>
        {open === "palette" && <Palette onClose={close} />}
        {open === "help" && <Help onClose={close} />}
      </Aside>
      <Toasts />
    </div>
  );
}
