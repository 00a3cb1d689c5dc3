// What waits for whoever looks: refused events to mend, drafts of the policy to decide on, datasets of theirs that nobody has
// described. Only what their rights could reach is asked for.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FileWarning, type LucideIcon, PencilLine, ScrollText } from "lucide-react";
import type { JSX, ReactNode } from "react";
import { asProblem, ask, live, useCould, useMe } from "#/api";
import { Card } from "#/design/Page";
import { Skeleton } from "#/design/State";
import { ProblemBanner } from "#/parts/ProblemBanner";
import { useText } from "#/text/messages";
import styles from "./Home.module.css";
import { home } from "./messages";

/** As many as are counted; more are "so many or more". */
const COUNTED = 100;

/** The card. */
export function Waiting(): JSX.Element {
  const text = useText(home);
  const me = useMe();
  const query = { limit: COUNTED };
  const letters = useQuery({ ...ask("GET /api/v1/dead-letters", { query }), ...live, enabled: useCould("dead_letter:replay") });
  const drafts = useQuery({ ...ask("GET /api/v1/policies", { query }), enabled: useCould("policy:activate") });
  const owner = [me.name, `${me.kind}:${me.name}`, ...me.groups, ...me.groups.map((group) => `group:${group}`)];
  const undescribed = { q: "-has:description", type: ["dataset"], owner };
  const q = `type:dataset -has:description owner:${owner.map((name) => JSON.stringify(name)).join(",")}`;
  const mine = useQuery({ ...ask("GET /api/v1/catalog/search", { query: { q, limit: 1 } }), ...live });
  const refused = letters.data?.items.filter(({ replayedAt }) => replayedAt == null).length ?? 0;
  const drafted = drafts.data?.items.filter(({ state }) => state === "draft").length ?? 0;
  const bare = mine.data?.total ?? 0;
  const all = [letters, drafts, mine];
  const failed = all.find(({ error }) => error !== null);
  const isLoading = all.some(({ isLoading }) => isLoading);
  const rows: [number, LucideIcon, ReactNode][] = [
    [refused, FileWarning, <Link key="letters" to="/admin/{-$section}" params={{ section: "dead-letters" }} className={styles["name"]}>{text.lettersWait(refused, letters.data?.next != null)}</Link>],
    [drafted, ScrollText, <Link key="drafts" to="/policies" className={styles["name"]}>{text.draftsWait(drafted)}</Link>],
    [bare, PencilLine, <Link key="mine" to="/catalog" search={undescribed} className={styles["name"]}>{text.undescribed(bare)}</Link>],
  ];
  const waiting = rows.filter(([count]) => count > 0);
  return (
    <Card title={text.waitsForMe} isFlush>
      {isLoading && <Skeleton lines={2} />}
      {failed?.error && <ProblemBanner problem={asProblem(failed.error)} onRetry={() => { void failed.refetch(); }} />}
      {!isLoading && waiting.length === 0 && <p className={styles["none"]}>{text.nothingWaits}</p>}
      <ul>{waiting.map(([, Icon, says], place) => <li key={place} className={styles["row"]}><Icon size={14} aria-hidden /><div className={styles["what"]}>{says}</div></li>)}</ul>
    </Card>
  );
}
