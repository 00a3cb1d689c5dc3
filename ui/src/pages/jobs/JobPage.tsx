// The place of this room's pages.
import type { JSX } from "react";
import { NotHereYet } from "#/parts/NotHereYet";
import { useText } from "#/text/messages";
import { jobs } from "./messages";

/** The page. */
export function JobPage(): JSX.Element {
  return <NotHereYet title={useText(jobs).title} />;
}
