// People: the list, and making somebody known.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { UserRound } from "lucide-react";
import { type JSX, useState } from "react";
import { type Api, askKeeping, request } from "#/api";
import { When } from "#/design/Bits";
import { Button } from "#/design/Button";
import { Chip } from "#/design/Chip";
import type { DataColumn } from "#/design/DataTable";
import { TextField } from "#/design/Field";
import { Dialog } from "#/design/Overlay";
import { toast } from "#/design/Toasts";
import { ProblemBanner } from "#/parts/ProblemBanner";
import { type Spoken, useText } from "#/text/messages";
import styles from "./Admin.module.css";
import { Listing, useListQuery } from "./Listing";
import { admin } from "./messages";
import { GivenRoles, RolesField } from "./RolesField";

type User = Api.UserEntry;

/** Whether somebody or something is in use, as a chip. */
export function InUse({ isDisabled }: { isDisabled: boolean }): JSX.Element {
  const text = useText(admin);
  return isDisabled ? <Chip tone="warn">{text.disabled}</Chip> : <Chip tone="ok">{text.active}</Chip>;
}

function columns(text: Spoken<(typeof admin)["en"]>): DataColumn<User>[] {
  return [
    { id: "name", header: text.name, isRowHeader: true, cell: (one) => <span className={styles["name"]}>{one.name}</span> },
    { id: "display", header: text.displayName, cell: (one) => one.displayName ?? "" },
    { id: "roles", header: text.roles, cell: (one) => <GivenRoles roles={one.roles} /> },
    { id: "state", header: text.state, cell: (one) => <InUse isDisabled={one.disabled} /> },
    { id: "password", header: text.password, cell: (one) => (one.hasPassword ? text.yes : text.no) },
    { id: "signedIn", header: text.signedIn, cell: (one) => (one.signedInAt == null ? <span className={styles["muted"]}>{text.never}</span> : <When at={one.signedInAt} />) },
    { id: "created", header: text.created, cell: (one) => <When at={one.createdAt} /> },
  ];
}

/** The list. */
export function Users(): JSX.Element {
  const text = useText(admin);
  const navigate = useNavigate();
  const [isNew, setNew] = useState(false);
  const query = useQuery(askKeeping("GET /api/v1/users", { query: useListQuery() }));
  const open = (id: string): void => { void navigate({ to: "/admin/users/$id", params: { id } }); };
  return (
    <>
      <Listing
        label={text.section("users")} query={query} columns={columns(text)} idOf={(one) => one.id} wordsOf={(one) => [one.name, one.displayName, ...one.roles.map((role) => role.role)].join(" ")} onOpen={(one) => { open(one.id); }}
        actions={<Button variant="primary" onPress={() => { setNew(true); }}>{text.newUser}</Button>} empty={{ title: text.noUsers, icon: UserRound }}
      />
      {isNew && <NewUser taken={(query.data?.items ?? []).map((one) => one.name)} onClose={() => { setNew(false); }} onMade={open} />}
    </>
  );
}

function NewUser({ taken, onClose, onMade }: { taken: readonly string[]; onClose: () => void; onMade: (id: string) => void }): JSX.Element {
  const text = useText(admin);
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [displayName, setDisplayName] = useState("");
  const [roles, setRoles] = useState<Api.RoleGiven[]>([]);
  const make = useMutation({
    mutationFn: async () => await request("PUT /api/v1/users/{name}", { path: { name: name.trim() }, body: { roles, ...(displayName.trim() === "" ? {} : { displayName: displayName.trim() }) } }),
    onSuccess: async (made) => {
      toast(text.userAdded(made.name));
      await client.invalidateQueries({ queryKey: ["GET /api/v1/users"] });
      onMade(made.id);
    },
  });
  return (
    <Dialog title={text.newUser} isOpen onClose={onClose} size="medium" actions={<><Button onPress={onClose}>{text.cancel}</Button><Button variant="primary" type="submit" form="new-user" isPending={make.isPending}>{text.newUser}</Button></>}>
      <form id="new-user" className={styles["form"]} onSubmit={(event) => { event.preventDefault(); if (!taken.includes(name.trim())) make.mutate(); }}>
        <div className={styles["fields"]}>
          <TextField label={text.name} description={text.nameWhy} value={name} onChange={setName} isRequired autoFocus autoComplete="off" error={taken.includes(name.trim()) ? text.taken : undefined} />
          <TextField label={text.displayName} value={displayName} onChange={setDisplayName} autoComplete="off" />
        </div>
        <RolesField roles={roles} onChange={setRoles} />
        {make.error && <ProblemBanner problem={make.error} />}
      </form>
    </Dialog>
  );
}
