// A dataset: what it is, what it holds, where it comes from and goes, how good it is, who reads it, how it changed.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Database, SearchX, Trash2, Waypoints } from "lucide-react";
import { type JSX, useEffect, useMemo } from "react";
import { ask } from "#/api";
import { type Command, useCommands } from "#/commands/commands";
import { When } from "#/design/Bits";
import { Chip } from "#/design/Chip";
import { Cut } from "#/design/Cut";
import { Page } from "#/design/Page";
import { Empty } from "#/design/State";
import { Tabs } from "#/design/Tabs";
import { EntityLink, LinkButton } from "#/parts/LinkButton";
import { Loaded } from "#/parts/Loaded";
import { wordsOf } from "#/parts/words";
import { Tags } from "#/parts/Tags";
import { useFormat } from "#/text/format";
import { AboutDataset } from "#/parts/WhyNot";
import { useText } from "#/text/messages";
import { type Dataset, useDataset } from "./dataset";
import styles from "./Dataset.module.css";
import { datasets } from "./messages";
import { preloadTab, type TabId, tabNamed, TABS, tabsOf } from "./tabs";

const route = getRouteApi("/datasets/$namespace/$name/{-$tab}");

/** The page. */
export function DatasetPage(): JSX.Element {
  const { namespace, name, tab } = route.useParams();
  const query = useDataset(namespace, name);
  useEffect(() => { preloadTab(tabNamed(tab)); }, [tab]);
  const dataset = query.data ?? null;
  const above = <Link to="/catalog" search={{ ns: [namespace] }} className={styles["namespace"]}><Cut text={namespace} tail={24} /></Link>;
  const trace = (
    <LinkButton variant="primary" to="/lineage/$kind/$namespace/$name" params={{ kind: "dataset", namespace, name }}><Waypoints size={16} aria-hidden />{useText(datasets).trace}</LinkButton>
  );
  return (
    <Page title={name} above={above} {...(dataset ? { beside: <Beside dataset={dataset} />, actions: trace } : {})}>
      <Loaded query={query} lines={10}>{(found) => (found === null ? <Missing name={name} /> : <Content dataset={found} />)}</Loaded>
    </Page>
  );
}

function Beside({ dataset }: { dataset: Dataset }): JSX.Element {
  const text = useText(datasets);
  const all = [...dataset.tags, ...dataset.columns.flatMap((column) => column.tags)];
  return (
    <>
      <Chip icon={Database}>{[dataset.platform, dataset.subtype?.toLowerCase()].filter(Boolean).join(" · ")}</Chip>
      {dataset.deleted && <Chip tone="warn" icon={Trash2}>{text.deleted}</Chip>}
      <Tags tags={all} onlyPersonal max={4} />
    </>
  );
}

function Content({ dataset }: { dataset: Dataset }): JSX.Element {
  const text = useText(datasets);
  const format = useFormat();
  const { namespace, name, tab: asked } = route.useParams();
  const navigate = route.useNavigate();
  const tab = tabNamed(asked);
  const show = (next: TabId): void => {
    void navigate({ params: { namespace, name, tab: next === "overview" ? undefined : next }, search: {}, resetScroll: false });
  };
  const commands = useMemo<Command[]>(
    () => TABS.map((id) => ({ id: `dataset.${id}`, group: text.title, label: text[id], run: () => { void navigate({ params: { namespace, name, tab: id === "overview" ? undefined : id }, search: {} }); } })),
    [text, navigate, namespace, name],
  );
  useCommands(commands);
  return (
    <AboutDataset namespace={namespace} name={name}>
      <Summary dataset={dataset} />
      <Tabs label={text.tabs} tabs={tabsOf(dataset, text, format.number)} value={tab} onChange={show} />
    </AboutDataset>
  );
}

function Summary({ dataset }: { dataset: Dataset }): JSX.Element {
  const text = useText(datasets);
  const format = useFormat();
  const { owners, writtenAt, updatedAt } = dataset;
  return (
    <ul className={styles["summary"]} aria-label={text.summary}>
      <li>{writtenAt ? <>{text.written} <When at={writtenAt} /></> : text.neverWritten}</li>
      {updatedAt && <li>{text.named} <When at={updatedAt} /></li>}
      <li>{owners.length === 0 ? text.noOwners : <>{text.ownedBy} {owners.slice(0, 3).map((owner) => owner.name).join(", ")}{owners.length > 3 && ` +${format.number(owners.length - 3)}`}</>}</li>
      <li>{text.columnCount(dataset.columns.length)}</li>
      <li>{text.used(dataset.uses)}</li>
    </ul>
  );
}

function Missing({ name }: { name: string }): JSX.Element {
  const text = useText(datasets);
  const nearest = useQuery(ask("GET /api/v1/catalog/search", { query: { q: `type:dataset ${wordsOf(name)}`, limit: 5 } }));
  const hits = nearest.data?.hits ?? [];
  return (
    <Empty title={text.missing} icon={SearchX} actions={<LinkButton to="/catalog" search={{ q: name.slice(0, 200) }}>{text.search}</LinkButton>}>
      <p>{text.missingWhy}</p>
      {hits.length > 0 && (
        <ul className={styles["nearest"]} aria-label={text.nearest}>
          {hits.map((hit) => <li key={hit.id}><EntityLink kind={hit.kind} namespace={hit.namespace} name={hit.name}><Cut text={hit.name} /></EntityLink></li>)}
        </ul>
      )}
    </Empty>
  );
}
