// Who read a dataset, or anything that was derived from it.
import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { EyeOff, Lock, LockOpen, UserSearch } from "lucide-react";
import { type JSX, useState } from "react";
import { type Api, asProblem, askKeeping, request } from "#/api";
import { serverNow } from "#/base/clock";
import { basePath } from "#/base/base_path";
import { Code } from "#/design/Bits";
import { Button } from "#/design/Button";
import { Banner, Empty } from "#/design/State";
import { Loaded } from "#/parts/Loaded";
import { ProblemPanel } from "#/parts/ProblemPanel";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import styles from "./Audit.module.css";
import { AuditFrame } from "./AuditFrame";
import { audit } from "./messages";
import { PurposeDialog } from "./PurposeDialog";
import { ReadersForm } from "./ReadersForm";
import { ReadersTable } from "./ReadersTable";
import type { ReadersView } from "./view";

const PAGE_SIZE = 100;
const DAY = 86_400_000;
const BACK_DAYS = 30;
const route = getRouteApi("/audit/access");

/** The page. */
export function ReadersPage(): JSX.Element {
  const text = useText(audit);
  const view = route.useSearch();
  const navigate = route.useNavigate();
  const show = (change: Partial<ReadersView>): void => { void navigate({ search: { ...view, after: "", ...change } }); };
  const [tomorrow] = useState(() => new Date(Math.ceil((serverNow() + 1) / DAY) * DAY));
  const times = { from: view.from || new Date(tomorrow.getTime() - BACK_DAYS * DAY).toISOString(), to: view.to || tomorrow.toISOString() };
  return (
    <AuditFrame title={text.readers}>
      <p className={styles["note"]}>{text.readersWhy} {text.believed}</p>
      <ReadersForm key={`${view.of} ${times.from} ${times.to}`} view={view} times={times} onAsk={show} />
      {view.of === ""
        ? <Empty title={text.askFirst} icon={UserSearch}><p>{text.askFirstWhy}</p></Empty>
        : <Answer key={JSON.stringify([view, times])} view={view} times={times} show={show} />}
    </AuditFrame>
  );
}

interface AnswerProps {
  view: ReadersView;
  times: { from: string; to: string };
  show: (change: Partial<ReadersView>) => void;
}

function Answer({ view, times, show }: AnswerProps): JSX.Element {
  const text = useText(audit);
  const [isAsking, setAsking] = useState(false);
  const asked = { of: view.of, ...times, downstream: view.downstream, limit: PAGE_SIZE, ...(view.after ? { after: view.after } : {}) };
  const query = useQuery(askKeeping("GET /api/v1/audit/readers", { query: asked }));
  // Names are held by this page alone, and gone with it.
  const named = useMutation({
    mutationFn: async (purpose: string) => await request("GET /api/v1/audit/readers", { query: { ...asked, names: true } }, { headers: { "x-purpose": purpose } }),
    gcTime: 0,
  });
  const action = named.data === undefined
    ? <Button icon={LockOpen} isPending={named.isPending} onPress={() => { setAsking(true); }}>{text.names}</Button>
    : <Button icon={Lock} onPress={() => { named.reset(); }}>{text.hideNames}</Button>;
  return (
    <>
      {named.error && <ProblemPanel problem={asProblem(named.error)} />}
      <Loaded query={query} lines={8}>{(page) => <Told page={named.data ?? page} isNamed={named.data !== undefined} view={view} action={action} show={show} />}</Loaded>
      <PurposeDialog title={text.namesTitle} why={text.namesWhy} isOpen={isAsking} onClose={() => { setAsking(false); }} onOpen={(purpose) => { named.mutate(purpose); }} />
    </>
  );
}

function Told({ page, isNamed, view, action, show }: { page: Api.ReaderPage; isNamed: boolean; view: ReadersView; action: JSX.Element; show: AnswerProps["show"] }): JSX.Element {
  const text = useText(audit);
  const format = useFormat();
  const { truncated, hidden, next } = page;
  return (
    <>
      {hidden > 0 && <Banner><EyeOff size={14} aria-hidden /> {text.hiddenDatasets(hidden)}</Banner>}
      {(truncated.nodes || truncated.work || truncated.depth) && <Banner tone="warn">{text.truncatedWalk}</Banner>}
      {page.items.length === 0
        ? <Empty title={text.noReaders} icon={UserSearch}><p>{text.noReadersWhy(format.number(page.datasets))}</p><Code label={text.noReaders} code={example(view.of)} /></Empty>
        : (
          <>
            <div className={styles["listBar"]}><div className={styles["faint"]} role="status">{text.readersCount(page.items.length)} · {text.lookedAt(page.datasets)}</div>{action}</div>
            <ReadersTable readers={page.items} isNamed={isNamed} />
          </>
        )}
      {(next ?? view.after) && (
        <nav className={styles["pages"]} aria-label={text.pages}>
          {view.after && <Button onPress={() => { show({}); }}>{text.back}</Button>}
          {next && <Button onPress={() => { show({ after: next }); }}>{text.older}</Button>}
        </nav>
      )}
    </>
  );
}

/** How a store tells of a read of this dataset. */
function example(of: string): string {
  const name = of.slice(of.lastIndexOf(":") + 1);
  const namespace = of.slice("dataset:".length, of.lastIndexOf(":"));
  const event = JSON.stringify({ id: "q-17", at: new Date().toISOString(), actor: "ann@example.com", dataset: { namespace, name }, operation: "read" });
  return `curl ${window.location.origin}${basePath()}/api/v1/access-events \\\n  -H "Authorization: Bearer $LETHE_TOKEN" \\\n  -d '${event.replaceAll("'", String.raw`'\''`)}'`;
}
