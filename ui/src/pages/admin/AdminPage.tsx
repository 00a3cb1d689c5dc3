// Administration: its sections beside each other, one of them shown.
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ComponentType, JSX } from "react";
import { Page } from "#/design/Page";
import { useCentred } from "#/design/use_centred";
import { PageNotFound } from "#/parts/ProblemPanel";
import { useText } from "#/text/messages";
import styles from "./Admin.module.css";
import { DeadLetters } from "./DeadLetters";
import { Groups } from "./Groups";
import { Keys } from "./Keys";
import { admin } from "./messages";
import { Roles } from "./Roles";
import { type Section, SECTIONS } from "./view";
import { Services } from "./Services";
import { System } from "./System";
import { Users } from "./Users";

const route = getRouteApi("/admin/{-$section}");
const SHOWN: Record<Section, ComponentType> = { users: Users, groups: Groups, "service-accounts": Services, roles: Roles, keys: Keys, "dead-letters": DeadLetters, system: System };

/** The page. */
export function AdminPage(): JSX.Element {
  const text = useText(admin);
  const { section: named } = route.useParams();
  const section = SECTIONS.find((one) => one === (named ?? "users"));
  const line = useCentred<HTMLElement>(section ?? "", "[aria-current=page]");
  if (section === undefined) return <PageNotFound />;
  const Shown = SHOWN[section];
  return (
    <Page title={text.title} tab={`${text.section(section)} · ${text.title}`}>
      <nav ref={line} className={styles["sections"]} aria-label={text.sections}>
        {SECTIONS.map((one) => <Link key={one} to="/admin/{-$section}" params={{ section: one }} className={styles["section"]} data-current={one === section} aria-current={one === section ? "page" : undefined}>{text.section(one)}</Link>)}
      </nav>
      <Shown />
    </Page>
  );
}
