// Groups: the list, and making one.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { UsersRound } from "lucide-react";
import { type JSX, useState } from "react";
import { type Api, askKeeping, request } from "#/api";
import { Button } from "#/design/Button";
import { TextField } from "#/design/Field";
import { Dialog } from "#/design/Overlay";
import { ProblemBanner } from "#/parts/ProblemBanner";
import { useText } from "#/text/messages";
import styles from "./Admin.module.css";
import { Listing, useListQuery } from "./Listing";
import { admin } from "./messages";
import { GivenRoles, RolesField } from "./RolesField";
import { InUse } from "./Users";

/** The list. */
export function Groups(): JSX.Element {
  const text = useText(admin);
  const navigate = useNavigate();
  const [isNew, setNew] = useState(false);
  const query = useQuery(askKeeping("GET /api/v1/groups", { query: useListQuery() }));
  const open = (name: string): void => { void navigate({ to: "/admin/groups/$name", params: { name } }); };
  return (
    <>
      <Listing
        label={text.section("groups")} query={query} idOf={(one) => one.id} wordsOf={(one) => [one.name, one.description, ...one.roles.map((role) => role.role)].join(" ")} onOpen={(one) => { open(one.name); }}
        columns={[
          { id: "name", header: text.name, isRowHeader: true, cell: (one) => <span className={styles["name"]}>{one.name}</span> },
          { id: "description", header: text.description, cell: (one) => one.description ?? "" },
          { id: "roles", header: text.roles, cell: (one) => <GivenRoles roles={one.roles} /> },
          { id: "state", header: text.state, cell: (one) => <InUse isDisabled={one.disabled} /> },
        ]}
        actions={<Button variant="primary" onPress={() => { setNew(true); }}>{text.newGroup}</Button>} empty={{ title: text.noGroups, why: text.noGroupsWhy, icon: UsersRound }}
      />
      {isNew && <NewGroup taken={(query.data?.items ?? []).map((one) => one.name)} onClose={() => { setNew(false); }} onMade={open} />}
    </>
  );
}

function NewGroup({ taken, onClose, onMade }: { taken: readonly string[]; onClose: () => void; onMade: (name: string) => void }): JSX.Element {
  const text = useText(admin);
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [roles, setRoles] = useState<Api.RoleGiven[]>([]);
  const isTaken = taken.includes(name.trim());
  const make = useMutation({
    mutationFn: async () => await request("PUT /api/v1/groups/{name}", { path: { name: name.trim() }, body: { roles, description: description.trim() === "" ? null : description.trim() } }),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ["GET /api/v1/groups"] });
      onMade(made.name);
    },
  });
  return (
    <Dialog title={text.newGroup} isOpen onClose={onClose} size="medium" actions={<><Button onPress={onClose}>{text.cancel}</Button><Button variant="primary" type="submit" form="new-group" isPending={make.isPending}>{text.newGroup}</Button></>}>
      <form id="new-group" className={styles["form"]} onSubmit={(event) => { event.preventDefault(); if (!isTaken) make.mutate(); }}>
        <div className={styles["fields"]}>
          <TextField label={text.name} value={name} onChange={setName} isRequired autoFocus autoComplete="off" error={isTaken ? text.taken : undefined} />
          <TextField label={text.description} value={description} onChange={setDescription} />
        </div>
        <RolesField roles={roles} onChange={setRoles} />
        {make.error && <ProblemBanner problem={make.error} />}
      </form>
    </Dialog>
  );
}
