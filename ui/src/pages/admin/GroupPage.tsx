// One group: what it is, its roles, its members.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type JSX, useState } from "react";
import { type Api, ask, askKeeping, request, useCould } from "#/api";
import { Button } from "#/design/Button";
import { ComboField } from "#/design/Combo";
import { DataTable } from "#/design/DataTable";
import { TextField } from "#/design/Field";
import { Card, Page } from "#/design/Page";
import { toast } from "#/design/Toasts";
import { Confirm } from "#/parts/Confirm";
import { Loaded } from "#/parts/Loaded";
import { Pages } from "#/parts/Pages";
import { ProblemBanner } from "#/parts/ProblemBanner";
import { useText } from "#/text/messages";
import styles from "./Admin.module.css";
import { admin } from "./messages";
import { RolesField, roleText } from "./RolesField";
import { InUse } from "./Users";

const PAGE_SIZE = 100;
const PEOPLE = 500;
const route = getRouteApi("/admin/groups/$name");
const rolesOf = (group: Api.GroupEntry): string => group.roles.map(roleText).join(", ");

/** The page. */
export function GroupPage(): JSX.Element {
  const text = useText(admin);
  const { name } = route.useParams();
  const query = useQuery(ask("GET /api/v1/groups/{name}", { path: { name } }));
  const group = query.data;
  return (
    <Page
      title={group?.name ?? name} above={<Link to="/admin/{-$section}" params={{ section: "groups" }}>{text.section("groups")}</Link>}
      beside={group && <InUse isDisabled={group.disabled} />} actions={group && <Use group={group} />}
    >
      <Loaded query={query}>
        {(told) => (
          <div className={styles["columns"]}>
            <Members group={told} />
            <Card title={text.details}><Details key={told.id} group={told} /></Card>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function Members({ group }: { group: Api.GroupEntry }): JSX.Element {
  const text = useText(admin);
  const client = useQueryClient();
  const { after } = route.useSearch();
  const navigate = route.useNavigate();
  const [leaving, setLeaving] = useState<Api.MemberEntry | null>(null);
  const query = useQuery(askKeeping("GET /api/v1/groups/{name}/members", { path: { name: group.name }, query: { limit: PAGE_SIZE, ...(after === "" ? {} : { after }) } }));
  const refresh = async (): Promise<void> => { await client.invalidateQueries({ queryKey: ["GET /api/v1/groups/{name}/members"] }); };
  const remove = async (member: Api.MemberEntry): Promise<void> => {
    await request("DELETE /api/v1/groups/{name}/members/{user}", { path: { name: group.name, user: member.id } });
    await refresh();
  };
  return (
    <Card title={text.members} isFlush>
      <div className={styles["inset"]}><AddMember group={group} onAdded={refresh} /></div>
      <Loaded query={query} lines={4}>
        {({ items, next }) => (
          <>
            <div className={styles["inCard"]}><DataTable
              label={text.members} rows={items} idOf={(one) => one.id} empty={text.noMembers}
              columns={[
                { id: "name", header: text.name, isRowHeader: true, cell: (one) => <Link to="/admin/users/$id" params={{ id: one.id }} className={styles["name"]}>{one.name}</Link> },
                { id: "display", header: text.displayName, cell: (one) => one.displayName ?? "" },
                { id: "state", header: text.state, cell: (one) => <InUse isDisabled={one.disabled} /> },
                { id: "remove", header: "", cell: (one) => <Button variant="quiet" aria-label={text.removeMember(one.name)} onPress={() => { setLeaving(one); }}>{text.take}</Button> },
              ]}
            /></div>
            <div className={styles["inset"]}><Pages after={after} next={next} onGo={(to) => { void navigate({ search: { after: to } }); }} /></div>
          </>
        )}
      </Loaded>
      {leaving !== null && <Confirm title={text.removeTitle(leaving.name, group.name)} facts={[text.removeFacts(rolesOf(group))]} act={text.take} onAct={async () => { await remove(leaving); }} onClose={() => { setLeaving(null); }} />}
    </Card>
  );
}

function AddMember({ group, onAdded }: { group: Api.GroupEntry; onAdded: () => Promise<void> }): JSX.Element {
  const text = useText(admin);
  const [name, setName] = useState("");
  const people = useQuery({ ...ask("GET /api/v1/users", { query: { limit: PEOPLE } }), enabled: useCould("user:read"), retry: false });
  const suggestions = (people.data?.items ?? []).filter((one) => !one.disabled).map((one) => ({ id: one.name, ...(one.displayName == null ? {} : { hint: one.displayName }) }));
  const add = useMutation({
    mutationFn: async () => { await request("PUT /api/v1/groups/{name}/members/{user}", { path: { name: group.name, user: name.trim() } }); },
    onSuccess: async () => { toast(text.memberAdded(name.trim())); setName(""); await onAdded(); },
  });
  return (
    <form className={styles["form"]} onSubmit={(event) => { event.preventDefault(); if (name.trim() !== "") add.mutate(); }}>
      <div className={styles["given"]}>
        <ComboField label={text.person} value={name} onChange={setName} suggestions={suggestions} isFiltered />
        <span><Button type="submit" isPending={add.isPending}>{text.add}</Button></span>
      </div>
      {add.error && <ProblemBanner problem={add.error} />}
    </form>
  );
}

function Details({ group }: { group: Api.GroupEntry }): JSX.Element {
  const text = useText(admin);
  const client = useQueryClient();
  const [description, setDescription] = useState(group.description ?? "");
  const [roles, setRoles] = useState<Api.RoleGiven[]>(group.roles);
  const save = useMutation({
    mutationFn: async () => await request("PUT /api/v1/groups/{name}", { path: { name: group.name }, body: { description: description.trim(), roles } }),
    onSuccess: async () => { toast(text.saved); await client.invalidateQueries(); },
  });
  return (
    <form className={styles["form"]} onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
      <TextField label={text.description} value={description} onChange={setDescription} />
      <RolesField roles={roles} onChange={setRoles} />
      {save.error && <ProblemBanner problem={save.error} />}
      <div><Button type="submit" isPending={save.isPending}>{text.save}</Button></div>
    </form>
  );
}

function Use({ group }: { group: Api.GroupEntry }): JSX.Element {
  const text = useText(admin);
  const client = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const done = async (said: string): Promise<void> => { toast(said); await client.invalidateQueries(); };
  const enable = useMutation({
    mutationFn: async () => await request("PUT /api/v1/groups/{name}", { path: { name: group.name }, body: { enabled: true } }),
    onSuccess: async () => { await done(text.enabled_(group.name)); },
    onError: (problem) => { toast(problem.detail, "danger"); },
  });
  const disable = async (): Promise<void> => {
    await request("DELETE /api/v1/groups/{name}", { path: { name: group.name } });
    await done(text.disabled_(group.name));
  };
  if (group.disabled) return <Button isPending={enable.isPending} onPress={() => { enable.mutate(); }}>{text.enable}</Button>;
  return (
    <>
      <Button variant="danger" onPress={() => { setAsked(true); }}>{text.disable}</Button>
      {isAsked && <Confirm title={text.disableGroup(group.name)} facts={[text.disableGroupFacts(rolesOf(group)), text.disableGroupBack]} act={text.disable} onAct={disable} onClose={() => { setAsked(false); }} />}
    </>
  );
}
