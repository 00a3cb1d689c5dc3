// The place of this room's pages.
import type { JSX } from "react";
import { NotHereYet } from "#/parts/NotHereYet";
import { useText } from "#/text/messages";
import { admin } from "./messages";

/** The page. */
export function AdminPage(): JSX.Element {
  return <NotHereYet title={useText(admin).title} />;
}
