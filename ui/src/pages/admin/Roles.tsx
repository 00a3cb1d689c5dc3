// The roles of the rules in force: what each includes, and by which rules it may something.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { ask } from "#/api";
import { Chip } from "#/design/Chip";
import { DataTable } from "#/design/DataTable";
import { Loaded } from "#/parts/Loaded";
import { useText } from "#/text/messages";
import styles from "./Admin.module.css";
import { admin } from "./messages";

/** The roles. */
export function Roles(): JSX.Element {
  const text = useText(admin);
  const query = useQuery(ask("GET /api/v1/roles", {}));
  return (
    <Loaded query={query}>
      {({ items, policyVersion }) => {
        const version = String(policyVersion);
        return (
          <div className={styles["stack"]}>
            <p className={styles["muted"]}><Link to="/policies/$version" params={{ version }}>{text.rolesOf(policyVersion)}</Link></p>
            <DataTable
              label={text.section("roles")} rows={items} idOf={(one) => one.name}
              columns={[
                { id: "name", header: text.role, isRowHeader: true, cell: (one) => <Link to="/policies/$version" params={{ version }} search={{ role: one.name }} className={styles["name"]}>{one.name}</Link> },
                { id: "includes", header: text.includes, cell: (one) => <span className={styles["chips"]}>{one.includes.map((role) => <Chip key={role}>{role}</Chip>)}</span> },
                { id: "rules", header: text.rules, cell: (one) => (one.rules.length === 0 ? <span className={styles["muted"]}>{text.noRules}</span> : <span className={styles["chips"]}>{one.rules.map((rule) => <Link key={rule} to="/policies/$version" params={{ version }} search={{ rule }}><code className={styles["code"]}>{rule}</code></Link>)}</span>) },
              ]}
            />
          </div>
        );
      }}
    </Loaded>
  );
}
