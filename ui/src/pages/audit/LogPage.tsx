// The audit log: what was done and refused, over time and one by one, also live.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ScrollText, SearchX, ShieldCheck } from "lucide-react";
import { type JSX, useEffect, useRef } from "react";
import { type Api, asProblem, askKeeping, type Problem } from "#/api";
import { Button } from "#/design/Button";
import { Switch } from "#/design/Field";
import { Banner, Empty } from "#/design/State";
import { Loaded } from "#/parts/Loaded";
import { ProblemPanel } from "#/parts/ProblemPanel";
import { useText } from "#/text/messages";
import styles from "./Audit.module.css";
import { AuditFrame } from "./AuditFrame";
import { ExportButton } from "./Export";
import { askedOf, tokensOf } from "./filter";
import { Filters, type Show, Tokens } from "./Filters";
import { HeadLine } from "./HeadLine";
import { Histogram } from "./Histogram";
import { audit } from "./messages";
import { useNames } from "./names";
import { type Proving, useProving } from "./proven";
import { RecordsTable } from "./RecordsTable";
import type { AuditView } from "./view";
import { type Tail, useTail } from "./tail";

const PAGE_SIZE = 100;
const route = getRouteApi("/audit");

/** The page. */
export function LogPage(): JSX.Element {
  const text = useText(audit);
  const view = route.useSearch();
  const navigate = route.useNavigate();
  const show: Show = (change) => { void navigate({ search: { ...view, after: "", ...change } }); };
  const query = useQuery(askKeeping("GET /api/v1/audit/records", { query: { ...askedOf(view), limit: PAGE_SIZE, ...(view.after ? { after: view.after } : {}) } }));
  if (query.error?.status === 403) return <AuditFrame title={text.title}><ProblemPanel problem={asProblem(query.error)} /></AuditFrame>;
  return (
    <AuditFrame title={text.title} isWide actions={<><LiveSwitch view={view} show={show} /><ExportButton filter={view} /></>}>
      {/* Only once the log may be read: each refusal is a record of its own. */}
      {query.isPending || <Above view={view} show={show} />}
      <Loaded query={query} lines={12}>
        {(page) => <List page={page} view={view} show={show} refetch={() => { void query.refetch(); }} />}
      </Loaded>
    </AuditFrame>
  );
}

function Above({ view, show }: { view: AuditView; show: Show }): JSX.Element {
  const names = useNames();
  return (
    <>
      <HeadLine />
      <Filters view={view} names={names} show={show} />
      <Histogram filter={view} onChoose={show} />
    </>
  );
}

function LiveSwitch({ view, show }: { view: AuditView; show: Show }): JSX.Element {
  const text = useText(audit);
  return <Switch isSelected={view.live} onChange={(live) => { show({ live }); }}>{text.live}</Switch>;
}

/** Merges what came live with the page that was asked for; the latest first, none twice. */
function merged(live: readonly Api.AuditEntry[], page: readonly Api.AuditEntry[]): Api.AuditEntry[] {
  const seen = new Set(page.map((entry) => entry.index));
  return [...live.filter((entry) => !seen.has(entry.index)), ...page];
}

function List({ page, view, show, refetch }: { page: Api.List_AuditEntry; view: AuditView; show: Show; refetch: () => void }): JSX.Element {
  const text = useText(audit);
  const navigate = route.useNavigate();
  const names = useNames();
  const isLive = view.live && view.after === "";
  const [tail, pause] = useTail(view, isLive);
  const [proving, prove] = useProving(JSON.stringify(view));
  const top = usePausing(isLive, pause);
  // What came between the page and the stream.
  useEffect(() => { if (tail.state === "live") refetch(); // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [tail.state]);
  const entries = merged(tail.shown, page.items);
  const { next } = page;
  const sentinel = <div ref={top} className={styles["sentinel"]} />;
  if (entries.length === 0) return <>{sentinel}<Nothing view={view} show={show} /></>;
  return (
    <>
      {sentinel}
      {isLive && <LiveBar tail={tail} onShow={() => { pause(false); window.scrollTo({ top: 0 }); }} />}
      <div className={styles["listBar"]}>
        <div><Button icon={ShieldCheck} isPending={proving.isRunning} onPress={() => { prove(entries); }}>{text.checkShown}</Button><ProvingSaid proving={proving} /></div>
        <div className={styles["faint"]}>{isLive && text.liveState(tail.state)}</div>
      </div>
      <RecordsTable entries={entries} names={names} proven={proving.proven} onOpen={(id) => { void navigate({ to: "/audit/records/$id", params: { id } }); }} />
      {(next ?? view.after) && (
        <nav className={styles["pages"]} aria-label={text.pages}>
          {view.after && <Button onPress={() => { show({}); }}>{text.later}</Button>}
          {next && <Button onPress={() => { show({ after: next, live: false }); window.scrollTo({ top: 0 }); }}>{text.older}</Button>}
        </nav>
      )}
    </>
  );
}

/** Pauses the tail while the head of the list is out of sight. */
function usePausing(isLive: boolean, pause: (isPaused: boolean) => void): React.RefObject<HTMLDivElement | null> {
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isLive || top.current === null) return undefined;
    const observer = new IntersectionObserver(([entry]) => { if (entry) pause(!entry.isIntersecting); });
    observer.observe(top.current);
    return () => { observer.disconnect(); };
  }, [isLive, pause]);
  return top;
}

function LiveBar({ tail, onShow }: { tail: Tail; onShow: () => void }): JSX.Element {
  const text = useText(audit);
  const problem: Problem | null = tail.problem;
  return (
    <>
      {tail.state === "off" && problem !== null && <Banner tone="warn">{text.liveOff}: {problem.detail || problem.title || text.liveState("off")}</Banner>}
      <div className={styles["newer"]} role="status">
        {tail.count > 0 && <Button variant="primary" onPress={onShow}>{text.newRecords(tail.count)} · {text.showNew}</Button>}
      </div>
    </>
  );
}

function ProvingSaid({ proving: { proven, total, isRunning, error } }: { proving: Proving }): JSX.Element | null {
  const text = useText(audit);
  if (error !== null) return <span className={styles["unproven"]} role="alert">{asProblem(error).detail || text.unknown}</span>;
  if (isRunning) return <span role="status">{text.checkingShown(proven.size, total)}</span>;
  if (total === 0) return null;
  const bad = [...proven.values()].filter((holds) => !holds).length;
  return <span role="status" className={bad > 0 ? styles["unproven"] : styles["proven"]}>{bad > 0 ? text.notProven(bad) : text.allProven(total)}</span>;
}

function Nothing({ view, show }: { view: AuditView; show: Show }): JSX.Element {
  const text = useText(audit);
  const names = useNames();
  const tokens = tokensOf(view);
  if (tokens.length === 0) return <Empty title={text.noneYet} icon={ScrollText}><p>{text.noneYetWhy}</p></Empty>;
  return (
    <Empty title={text.noneFit} icon={SearchX}>
      <p>{text.noneFitWhy}</p>
      <div className={styles["filters"]}><Tokens tokens={tokens} names={names} show={show} /></div>
    </Empty>
  );
}
