// The place of this room's pages.
import type { JSX } from "react";
import { NotHereYet } from "#/parts/NotHereYet";
import { useText } from "#/text/messages";
import { audit } from "./messages";

/** The page. */
export function AuditPage(): JSX.Element {
  return <NotHereYet title={useText(audit).title} />;
}
