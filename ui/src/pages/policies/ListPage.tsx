// The place of this page.
import type { JSX } from "react";
import { NotHereYet } from "#/parts/NotHereYet";
import { useText } from "#/text/messages";
import { policies } from "./messages";

/** The page. */
export function ListPage(): JSX.Element {
  return <NotHereYet title={useText(policies).title} />;
}
