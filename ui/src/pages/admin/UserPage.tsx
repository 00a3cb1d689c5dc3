// One person: what is known of them, roles, password, sessions, tokens; disabled and enabled from here.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type JSX, useState } from "react";
import { type Api, ask, request, useMe } from "#/api";
import { When } from "#/design/Bits";
import { Button } from "#/design/Button";
import { TextField } from "#/design/Field";
import { Card, Facts, Page } from "#/design/Page";
import { toast } from "#/design/Toasts";
import { Confirm } from "#/parts/Confirm";
import { LinkButton } from "#/parts/LinkButton";
import { Loaded } from "#/parts/Loaded";
import { ProblemBanner } from "#/parts/ProblemBanner";
import { useText } from "#/text/messages";
import styles from "./Admin.module.css";
import { admin } from "./messages";
import { PasswordForm } from "./PasswordForm";
import { RolesField } from "./RolesField";
import { Sessions } from "./Sessions";
import { Tokens, useTokens, works } from "./Tokens";
import { InUse } from "./Users";

const route = getRouteApi("/admin/users/$id");

/** The page. */
export function UserPage(): JSX.Element {
  const text = useText(admin);
  const { id } = route.useParams();
  const me = useMe();
  const { after } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(ask("GET /api/v1/users/{name}", { path: { name: id } }));
  const user = query.data;
  return (
    <Page
      title={user?.name ?? text.person} tab={text.person} above={<Link to="/admin/{-$section}" params={{ section: "users" }}>{text.section("users")}</Link>}
      beside={user && <InUse isDisabled={user.disabled} />}
      actions={user && <><LinkButton to="/policies/test" search={{ who: `user:${user.name}` }}>{text.why}</LinkButton><Use user={user} /></>}
    >
      <Loaded query={query}>
        {(told) => (
          <div className={styles["columns"]}>
            <div className={styles["stack"]}>
              <Tokens owner={{ kind: "user", name: told.id }} after={after} onPage={(next) => { void navigate({ search: { after: next } }); }} />
              <Sessions name={told.id} />
            </div>
            <div className={styles["stack"]}>
              <Card title={text.details}><Details key={told.id} user={told} /></Card>
              <PasswordForm name={told.id} hasPassword={told.hasPassword} isOwn={told.id === me.id} />
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function Details({ user }: { user: Api.UserDetails }): JSX.Element {
  const text = useText(admin);
  const client = useQueryClient();
  const [displayName, setDisplayName] = useState(user.displayName ?? "");
  const [roles, setRoles] = useState<Api.RoleGiven[]>(user.roles);
  const save = useMutation({
    mutationFn: async () => await request("PUT /api/v1/users/{name}", { path: { name: user.id }, body: { displayName: displayName.trim(), roles } }),
    onSuccess: async () => { toast(text.saved); await client.invalidateQueries(); },
  });
  return (
    <form className={styles["form"]} onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
      <Facts facts={[
        { name: text.created, value: <When at={user.createdAt} /> },
        { name: text.signedIn, value: user.signedInAt == null ? text.never : <When at={user.signedInAt} /> },
        { name: text.groups, value: user.groups.length === 0 ? text.noGroupsOf : <span className={styles["chips"]}>{user.groups.map((name) => <Link key={name} to="/admin/groups/$name" params={{ name }}>{name}</Link>)}</span> },
      ]} />
      <TextField label={text.displayName} value={displayName} onChange={setDisplayName} autoComplete="off" />
      <RolesField roles={roles} onChange={setRoles} />
      {save.error && <ProblemBanner problem={save.error} />}
      <div><Button type="submit" isPending={save.isPending}>{text.save}</Button></div>
    </form>
  );
}

function Use({ user }: { user: Api.UserDetails }): JSX.Element {
  const text = useText(admin);
  const client = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const enable = useMutation({
    mutationFn: async () => await request("PUT /api/v1/users/{name}", { path: { name: user.id }, body: { enabled: true } }),
    onSuccess: async () => { toast(text.enabled_(user.name)); await client.invalidateQueries(); },
    onError: (problem) => { toast(problem.detail, "danger"); },
  });
  if (user.disabled) return <Button isPending={enable.isPending} onPress={() => { enable.mutate(); }}>{text.enable}</Button>;
  return (
    <>
      <Button variant="danger" onPress={() => { setAsked(true); }}>{text.disable}</Button>
      {isAsked && <Disable user={user} onClose={() => { setAsked(false); }} />}
    </>
  );
}

function Disable({ user, onClose }: { user: Api.UserDetails; onClose: () => void }): JSX.Element {
  const text = useText(admin);
  const client = useQueryClient();
  const sessions = useQuery(ask("GET /api/v1/users/{name}/sessions", { path: { name: user.id } }));
  const tokens = useTokens({ kind: "user", name: user.id });
  const counts = text.disableUserFacts(text.sessionsCount(sessions.data?.items.length ?? 0), text.tokensCount((tokens.data?.items ?? []).filter(works).length));
  const disable = async (): Promise<void> => {
    await request("DELETE /api/v1/users/{name}", { path: { name: user.id } });
    toast(text.disabled_(user.name));
    await client.invalidateQueries();
  };
  return <Confirm title={text.disableUser(user.name)} facts={[counts, text.disableUserBack]} act={text.disable} word={user.name} isReady={sessions.isSuccess && tokens.isSuccess} onAct={disable} onClose={onClose} />;
}
