// What the pages of the audit log share: their heading, the way between them, and the alarm above all.
import { Link } from "@tanstack/react-router";
import type { JSX, ReactNode } from "react";
import { Page } from "#/design/Page";
import { useText } from "#/text/messages";
import { AlarmBanner } from "./AlarmBanner";
import styles from "./Audit.module.css";
import { audit } from "./messages";

/** The frame. */
export function AuditFrame(props: { title: string; beside?: ReactNode; actions?: ReactNode; children: ReactNode; isWide?: boolean }): JSX.Element {
  const text = useText(audit);
  const { children, ...rest } = props;
  const places = [["/audit", text.title], ["/audit/access", text.readers], ["/verify", text.verify]] as const;
  const nav = (
    <nav className={styles["nav"]} aria-label={text.places}>
      {places.map(([to, label]) => <Link key={to} to={to} activeProps={{ className: styles["here"] ?? "" }} activeOptions={{ exact: true, includeSearch: false }}>{label}</Link>)}
    </nav>
  );
  return <Page {...rest} above={nav}><AlarmBanner />{children}</Page>;
}
