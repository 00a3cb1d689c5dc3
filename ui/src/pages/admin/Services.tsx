// Service accounts: the list, and making one.
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Bot } from "lucide-react";
import { type JSX, useState } from "react";
import { askKeeping } from "#/api";
import { Button } from "#/design/Button";
import { Dialog } from "#/design/Overlay";
import { useText } from "#/text/messages";
import styles from "./Admin.module.css";
import { Listing, useListQuery } from "./Listing";
import { admin } from "./messages";
import { GivenRoles } from "./RolesField";
import { ServiceForm } from "./ServiceForm";
import { InUse } from "./Users";

/** Namespaces as they are written, or that there are none. */
export function Namespaces({ names }: { names: readonly string[] }): JSX.Element {
  const text = useText(admin);
  return names.length === 0 ? <span className={styles["muted"]}>{text.noNamespaces}</span> : <span className={styles["chips"]}>{names.map((one) => <code key={one}>{one}</code>)}</span>;
}

/** The list. */
export function Services(): JSX.Element {
  const text = useText(admin);
  const navigate = useNavigate();
  const [isNew, setNew] = useState(false);
  const query = useQuery(askKeeping("GET /api/v1/service-accounts", { query: useListQuery() }));
  const open = (name: string): void => { void navigate({ to: "/admin/service-accounts/$name", params: { name } }); };
  return (
    <>
      <Listing
        label={text.section("service-accounts")} query={query} idOf={(one) => one.id} wordsOf={(one) => [one.name, ...one.namespaces].join(" ")} onOpen={(one) => { open(one.name); }}
        columns={[
          { id: "name", header: text.name, isRowHeader: true, cell: (one) => <span className={styles["name"]}>{one.name}</span> },
          { id: "namespaces", header: text.accountNamespaces, cell: (one) => <Namespaces names={one.namespaces} /> },
          { id: "roles", header: text.roles, cell: (one) => <GivenRoles roles={one.roles} /> },
          { id: "state", header: text.state, cell: (one) => <InUse isDisabled={one.disabled} /> },
        ]}
        actions={<Button variant="primary" onPress={() => { setNew(true); }}>{text.newAccount}</Button>} empty={{ title: text.noAccounts, why: text.noAccountsWhy, icon: Bot }}
      />
      {isNew && (
        <Dialog title={text.newAccount} isOpen onClose={() => { setNew(false); }} size="medium">
          <ServiceForm taken={(query.data?.items ?? []).map((one) => one.name)} onSaved={(one) => { open(one.name); }} />
        </Dialog>
      )}
    </>
  );
}
