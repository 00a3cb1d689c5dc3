// The policy test: "Can [who] [do] on [what] for [purpose]?", with the answer, why it is so, and who can.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { MessageCircleQuestion } from "lucide-react";
import type { JSX } from "react";
import { asProblem, type Problem, request, useCould, useMe } from "#/api";
import { CopyButton } from "#/design/Bits";
import { Page } from "#/design/Page";
import { Banner, Empty } from "#/design/State";
import { Chip } from "#/design/Chip";
import { LinkButton } from "#/parts/LinkButton";
import { Loaded } from "#/parts/Loaded";
import { permissionOf } from "#/parts/permission";
import { meAsWho, readQuestion, unknownWords } from "#/parts/question";
import { useText } from "#/text/messages";
import { Answer } from "./Answer";
import { policies } from "./messages";
import styles from "./Policies.module.css";
import type { PolicyQuestion } from "./view";
import { Sentence } from "./Sentence";
import { WhoCan } from "./WhoCan";

const route = getRouteApi("/policies/test");

/** The page. */
export function TestPage(): JSX.Element {
  const text = useText(policies);
  const view = route.useSearch();
  const navigate = route.useNavigate();
  const isAsked = view.do !== "";
  return (
    <Page title={text.testTitle} actions={<LinkButton to="/policies">{text.title}</LinkButton>}>
      {/* The form begins anew with every question that the address carries. */}
      <Sentence key={JSON.stringify({ ...view, whoCan: "" })} view={view} onAsk={(asked) => { void navigate({ search: { ...asked, whoCan: "" } }); }} />
      {isAsked ? <Asked view={view} onPage={(whoCan) => { void navigate({ search: { ...view, whoCan } }); }} /> : (
        <Empty title={text.testEmpty} icon={MessageCircleQuestion}><p>{text.testEmptyWhy}</p></Empty>
      )}
    </Page>
  );
}

function Asked({ view, onPage }: { view: PolicyQuestion; onPage: (after: string) => void }): JSX.Element {
  const text = useText(policies);
  const me = useMe();
  const mayAskOfOthers = useCould("policy:decide");
  const question = readQuestion(view, me);
  const unknown = [...unknownWords(view.who, "who"), ...unknownWords(view.what, "what")];
  const decision = useQuery({
    queryKey: ["POST /api/v1/policies/decide", question],
    queryFn: async ({ signal }) => await request("POST /api/v1/policies/decide", { body: question }, { signal }),
  });
  const problem = decision.error === null ? null : asProblem(decision.error);
  if (problem !== null && problem.status === 403 && decision.data === undefined) return <MayNotAsk view={view} problem={problem} />;
  return (
    <>
      {unknown.length > 0 && <Banner tone="warn">{text.unknownWords(unknown.join(" "))}</Banner>}
      <div className={styles["answers"]}>
        <Loaded query={decision} lines={8}>{(told) => <Answer decision={told} question={question} view={view} />}</Loaded>
        {mayAskOfOthers && <WhoCan view={view} onPage={onPage} />}
      </div>
    </>
  );
}

/** For whoever may not ask: what is known all the same, and the question to hand on. */
function MayNotAsk({ view, problem }: { view: PolicyQuestion; problem: Problem }): JSX.Element {
  const text = useText(policies);
  const me = useMe();
  const permission = permissionOf(problem) ?? "policy:decide";
  const link = new URL(window.location.href);
  if (view.who === "") link.searchParams.set("who", meAsWho(me));
  return (
    <section className={styles["refused"]} role="alert" aria-label={text.mayNotAsk}>
      <h2>{text.mayNotAsk}</h2>
      <p>{text.mayNotAskWhy(permission)}</p>
      <dl className={styles["known"]}>
        <div><dt>{text.asking}</dt><dd><code>{meAsWho(me)}</code></dd></div>
        <div><dt>{text.rolesHeld}</dt><dd className={styles["chips"]}>{me.roles.map((one) => <Chip key={`${one.role} ${one.domain}`}>{one.domain === "*" ? one.role : `${one.role}@${one.domain}`}</Chip>)}</dd></div>
        <div><dt>{text.missing}</dt><dd><code>{view.do}</code></dd></div>
      </dl>
      <p className={styles["handOn"]}>{text.handOn} <CopyButton text={link.href} label={text.copyQuestion} /></p>
    </section>
  );
}
