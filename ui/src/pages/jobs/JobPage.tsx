// A job: what it does, what it reads and writes, how its runs went and how long they took.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { SearchX, Trash2, Waypoints, Workflow } from "lucide-react";
import type { JSX } from "react";
import { ask } from "#/api";
import { When } from "#/design/Bits";
import { Chip, runTone } from "#/design/Chip";
import { Cut } from "#/design/Cut";
import { Page } from "#/design/Page";
import { Banner, Empty } from "#/design/State";
import { Tabs } from "#/design/Tabs";
import { EntityLink, LinkButton } from "#/parts/LinkButton";
import { Loaded } from "#/parts/Loaded";
import { wordsOf } from "#/parts/words";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import { type JobProps, useJob } from "./job";
import { JobEvents } from "./JobEvents";
import { JobOverview } from "./JobOverview";
import { JobRuns } from "./JobRuns";
import styles from "./Jobs.module.css";
import { jobs } from "./messages";

const route = getRouteApi("/jobs/$namespace/$name/{-$tab}");
const TABS = ["overview", "runs", "raw"] as const;
type TabId = (typeof TABS)[number];

/** The page. */
export function JobPage(): JSX.Element {
  const text = useText(jobs);
  const { namespace, name } = route.useParams();
  const query = useJob(namespace, name);
  const job = query.data ?? null;
  const above = <Link to="/catalog" search={{ ns: [namespace], type: ["job"] }} className={styles["namespace"]}><Cut text={namespace} tail={24} /></Link>;
  const trace = <LinkButton variant="primary" to="/lineage/$kind/$namespace/$name" params={{ kind: "job", namespace, name }}><Waypoints size={16} aria-hidden />{text.trace}</LinkButton>;
  return (
    <Page title={name} above={above} {...(job ? { beside: <Beside job={job} />, actions: trace } : {})}>
      <Loaded query={query} lines={10}>{(found) => (found === null ? <Missing name={name} /> : <Content job={found} />)}</Loaded>
    </Page>
  );
}

function Beside({ job }: JobProps): JSX.Element {
  const text = useText(jobs);
  const kinds = [job.integration, job.jobType, job.processing].filter(Boolean).map((word) => word?.toLowerCase());
  return (
    <>
      <Chip icon={Workflow}>{kinds.length === 0 ? text.job : kinds.join(" · ")}</Chip>
      {job.state && <Chip tone={runTone(job.state)}>{job.state}</Chip>}
      {job.deleted && <Chip tone="warn" icon={Trash2}>{text.deleted}</Chip>}
    </>
  );
}

function Content({ job }: JobProps): JSX.Element {
  const text = useText(jobs);
  const format = useFormat();
  const { namespace, name, tab: asked } = route.useParams();
  const navigate = route.useNavigate();
  const tab = TABS.find((one) => one === asked) ?? "overview";
  const show = (next: TabId): void => { void navigate({ params: { namespace, name, tab: next === "overview" ? undefined : next }, search: {}, resetScroll: false }); };
  return (
    <>
      {job.renamedTo && <Renamed id={job.renamedTo} />}
      <Summary job={job} />
      <Tabs
        label={text.tabs} value={tab} onChange={show}
        tabs={[
          { id: "overview", label: text.overview, panel: () => <JobOverview job={job} /> },
          { id: "runs", label: text.runs, count: format.number(job.runs), panel: () => <JobRuns job={job} /> },
          { id: "raw", label: text.raw, panel: () => <JobEvents job={job} /> },
        ]}
      />
    </>
  );
}

function Summary({ job }: JobProps): JSX.Element {
  const text = useText(jobs);
  return (
    <ul className={styles["summary"]} aria-label={text.summary}>
      <li>{text.runCount(job.runs)}</li>
      {job.updatedAt && <li>{text.named} <When at={job.updatedAt} /></li>}
      <li>{job.owners.length === 0 ? text.noOwners : <>{text.ownedBy} {job.owners.map((owner) => owner.name).join(", ")}</>}</li>
      {job.parent && <li>{text.partOf} <EntityLink kind="job" {...job.parent}>{job.parent.name}</EntityLink></li>}
    </ul>
  );
}

function Renamed({ id }: { id: string }): JSX.Element {
  const text = useText(jobs);
  const { data } = useQuery(ask("GET /api/v1/jobs/{id}", { path: { id } }));
  return <Banner>{text.renamed} {data && <EntityLink kind="job" namespace={data.namespace} name={data.name}>{data.name}</EntityLink>}</Banner>;
}

function Missing({ name }: { name: string }): JSX.Element {
  const text = useText(jobs);
  const nearest = useQuery(ask("GET /api/v1/catalog/search", { query: { q: `type:job ${wordsOf(name)}`, limit: 5 } }));
  const hits = nearest.data?.hits ?? [];
  return (
    <Empty title={text.missing} icon={SearchX} actions={<LinkButton to="/catalog" search={{ q: name.slice(0, 200), type: ["job"] }}>{text.search}</LinkButton>}>
      <p>{text.missingWhy}</p>
      {hits.length > 0 && <ul className={styles["nearest"]} aria-label={text.nearest}>{hits.map((hit) => <li key={hit.id}><EntityLink kind="job" namespace={hit.namespace} name={hit.name}><Cut text={hit.name} /></EntityLink></li>)}</ul>}
    </Empty>
  );
}

