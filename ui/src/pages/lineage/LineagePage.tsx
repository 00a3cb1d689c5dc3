// The place of this room's pages.
import type { JSX } from "react";
import { NotHereYet } from "#/parts/NotHereYet";
import { useText } from "#/text/messages";
import { lineage } from "./messages";

/** The page. */
export function LineagePage(): JSX.Element {
  return <NotHereYet title={useText(lineage).title} />;
}
