// The place of this room's pages.
import type { JSX } from "react";
import { NotHereYet } from "#/parts/NotHereYet";
import { useText } from "#/text/messages";
import { datasets } from "./messages";

/** The page. */
export function DatasetPage(): JSX.Element {
  return <NotHereYet title={useText(datasets).title} />;
}
