// One set of rules: its rules, its text, what differs from another, findings, cases, what it would change; put into
// force or deleted from here.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type JSX, useState } from "react";
import { type Api, ask } from "#/api";
import { When } from "#/design/Bits";
import { Button } from "#/design/Button";
import { Chip } from "#/design/Chip";
import { Page } from "#/design/Page";
import { Tabs } from "#/design/Tabs";
import { LinkButton } from "#/parts/LinkButton";
import { Loaded } from "#/parts/Loaded";
import { PageNotFound } from "#/parts/ProblemPanel";
import { Principal } from "#/parts/Principal";
import { useText } from "#/text/messages";
import { Activate } from "./Activate";
import { Cases } from "./Cases";
import { Compare } from "./Compare";
import { Drop } from "./Drop";
import { Effects } from "./Effects";
import { Findings } from "./Findings";
import { policies } from "./messages";
import styles from "./Policies.module.css";
import { Rules } from "./Rules";
import { SET_TABS } from "./view";
import { RuleText } from "./RuleText";
import { SetState } from "./SetState";

const route = getRouteApi("/policies/$version");

/** The page. */
export function SetPage(): JSX.Element {
  const { version } = route.useParams();
  return /^\d{1,9}$/.test(version) ? <KnownSet version={Number(version)} /> : <PageNotFound />;
}

function KnownSet({ version }: { version: number }): JSX.Element {
  const text = useText(policies);
  const query = useQuery(ask("GET /api/v1/policies/{version}", { path: { version }, query: {} }));
  const active = useQuery(ask("GET /api/v1/policies/active", { query: {} }));
  const above = <Link to="/policies">{text.title}</Link>;
  const set = query.data;
  return (
    <Page
      title={text.version(version)} above={above}
      beside={set && <><SetState state={set.state} />{set.shippedCasesWaived != null && <Chip tone="warn" title={set.shippedCasesWaived}>{text.waived}</Chip>}</>}
      actions={set && <Acts set={set} active={active.data?.version ?? null} />}
    >
      <Loaded query={query} lines={12}>{(told) => <Parts set={told} active={active.data?.version ?? null} />}</Loaded>
    </Page>
  );
}

interface SetProps {
  set: Api.PolicyBody;
  /** The set in force; null while it is not known. */
  active: number | null;
}

function Acts({ set, active }: SetProps): JSX.Element {
  const text = useText(policies);
  const [open, setOpen] = useState<"activate" | "drop" | null>(null);
  const close = (): void => { setOpen(null); };
  return (
    <>
      {set.state === "draft" && <Button variant="danger" onPress={() => { setOpen("drop"); }}>{text.drop}</Button>}
      <LinkButton to="/policies/new" search={{ from: set.version }}>{text.editAsDraft}</LinkButton>
      {set.state !== "active" && <Button variant="primary" isDisabled={active === null} onPress={() => { setOpen("activate"); }}>{set.state === "draft" ? text.activate : text.restore}</Button>}
      {open === "activate" && active !== null && <Activate version={set.version} active={active} onClose={close} />}
      {open === "drop" && <Drop version={set.version} onClose={close} />}
    </>
  );
}

function Parts({ set, active }: SetProps): JSX.Element {
  const text = useText(policies);
  const view = route.useSearch();
  const navigate = route.useNavigate();
  const panels: Record<(typeof SET_TABS)[number], () => JSX.Element> = {
    rules: () => <Rules set={set} role={view.role} rule={view.rule} onRole={(role) => { void navigate({ search: { ...view, role, rule: "" } }); }} />,
    text: () => <RuleText csv={set.csv} rule={view.rule} />,
    compare: () => <Compare set={set} active={active} against={view.against} onAgainst={(against) => { void navigate({ search: { ...view, against } }); }} />,
    findings: () => <Findings set={set} />,
    cases: () => <Cases cases={set.cases} />,
    effects: () => <Effects of={{ version: set.version }} isInForce={set.state === "active"} />,
  };
  return (
    <>
      <p className={styles["muted"]}>
        {set.note || text.noNote} · <Principal reference={set.author} />, <When at={set.createdAt} />
        {set.activatedAt != null && <> · {text.inForceSince} <When at={set.activatedAt} /></>}
      </p>
      <Tabs label={text.parts} value={view.tab} onChange={(tab) => { void navigate({ search: { ...view, tab } }); }} tabs={SET_TABS.map((id) => ({ id, label: text[id], panel: panels[id] }))} />
    </>
  );
}
