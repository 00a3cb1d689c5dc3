// Roles that somebody is given, each everywhere or in some domains: shown, and changed.
import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import type { JSX } from "react";
import { type Api, ask } from "#/api";
import { Button, IconButton } from "#/design/Button";
import { Chip } from "#/design/Chip";
import { ComboField } from "#/design/Combo";
import { TextField } from "#/design/Field";
import { useText } from "#/text/messages";
import styles from "./Admin.module.css";
import { admin } from "./messages";

/** A role as it is written: with its domain, if it is not held everywhere. */
export function roleText({ role, domain = "*" }: Api.RoleGiven): string {
  return domain === "*" ? role : `${role}@${domain}`;
}

/** The roles as chips. */
export function GivenRoles({ roles }: { roles: readonly Api.RoleGiven[] }): JSX.Element {
  const text = useText(admin);
  if (roles.length === 0) return <span className={styles["muted"]}>{text.noRoles}</span>;
  return <span className={styles["chips"]}>{roles.map((one) => <Chip key={roleText(one)}>{roleText(one)}</Chip>)}</span>;
}

/** The roles as rows to fill in. */
export function RolesField({ roles, onChange }: { roles: readonly Api.RoleGiven[]; onChange: (roles: Api.RoleGiven[]) => void }): JSX.Element {
  const text = useText(admin);
  const known = useQuery({ ...ask("GET /api/v1/roles", {}), retry: false });
  const suggestions = (known.data?.items ?? []).map((one) => ({ id: one.name, ...(one.includes.length === 0 ? {} : { hint: `${text.includes}: ${one.includes.join(", ")}` }) }));
  const change = (place: number, part: Partial<Api.RoleGiven>): void => { onChange(roles.map((one, at) => (at === place ? { ...one, ...part } : one))); };
  return (
    <fieldset className={styles["set"]}>
      <legend className={styles["legend"]}>{text.roles}</legend>
      {roles.length === 0 && <p className={styles["muted"]}>{text.noRoles}</p>}
      {roles.map((one, place) => (
        <div key={place} className={styles["given"]}>
          <ComboField label={text.role} value={one.role} onChange={(role) => { change(place, { role }); }} suggestions={suggestions} isFiltered mono isRequired />
          <TextField label={text.domain} value={one.domain ?? "*"} onChange={(domain) => { change(place, { domain }); }} mono isRequired />
          <IconButton icon={X} label={text.takeRole(one.role)} onPress={() => { onChange(roles.filter((_, at) => at !== place)); }} />
        </div>
      ))}
      <div className={styles["bar"]}><Button icon={Plus} onPress={() => { onChange([...roles, { role: "", domain: "*" }]); }}>{text.addRole}</Button><span className={styles["muted"]}>{text.rolesWhy}</span></div>
    </fieldset>
  );
}
