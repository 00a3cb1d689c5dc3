// Everybody's own account: who they are here, their sessions, tokens and password.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { JSX } from "react";
import { ask, useMe } from "#/api";
import { Chip } from "#/design/Chip";
import { Card, Facts, Page } from "#/design/Page";
import { Banner } from "#/design/State";
import { LinkButton } from "#/parts/LinkButton";
import { useText } from "#/text/messages";
import styles from "./Admin.module.css";
import { admin } from "./messages";
import { PasswordForm } from "./PasswordForm";
import { roleText } from "./RolesField";
import { Sessions } from "./Sessions";
import { Tokens } from "./Tokens";

const route = getRouteApi("/account");

/** The page. */
export function AccountPage(): JSX.Element {
  const text = useText(admin);
  const me = useMe();
  const { after } = route.useSearch();
  const navigate = route.useNavigate();
  const isPerson = me.kind === "user" && me.id != null;
  const known = useQuery({ ...ask("GET /api/v1/users/{name}", { path: { name: me.id ?? "" } }), enabled: isPerson });
  const limits = [...(me.scopes == null ? [] : [me.scopes]), ...(me.namespaces ?? []).map((one) => `ns:${one}`)];
  const you = (
    <Card title={text.you} actions={<LinkButton to="/policies/test">{text.why}</LinkButton>}>
      <Facts facts={[
        { name: text.name, value: <>{me.name} <span className={styles["muted"]}>{text.kindOf(me.kind)}</span></> },
        { name: text.recognised, value: text.auth(me.auth) },
        { name: text.roles, value: me.roles.length === 0 ? text.noRoles : <span className={styles["chips"]}>{me.roles.map((one) => <Chip key={roleText(one)}>{roleText(one)}</Chip>)}</span> },
        { name: text.groups, value: me.groups.length === 0 ? text.noGroupsOf : me.groups.join(", ") },
        ...(limits.length === 0 ? [] : [{ name: text.limitedTo, value: <span className={styles["chips"]}>{limits.map((one) => <code key={one}>{one}</code>)}</span> }]),
      ]} />
    </Card>
  );
  if (!isPerson) return <Page title={text.account}><Banner>{me.kind === "anonymous" ? text.accountOpen : text.accountOther}</Banner>{you}</Page>;
  const isToken = me.auth === "token";
  const name = me.id ?? "";
  return (
    <Page title={text.account}>
      {isToken && <Banner>{text.tokenSession}</Banner>}
      <div className={styles["columns"]}>
        <div className={styles["stack"]}>
          <Sessions name={name} />
          <Tokens owner={{ kind: "user", name }} after={after} onPage={(next) => { void navigate({ search: { after: next } }); }} mayMake={!isToken} />
        </div>
        <div className={styles["stack"]}>
          {you}
          {!isToken && <PasswordForm name={name} hasPassword={known.data?.hasPassword} isOwn />}
        </div>
      </div>
    </Page>
  );
}
