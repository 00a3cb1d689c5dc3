// The places of erasure, retention and stores.
import type { JSX } from "react";
import { NotHereYet } from "#/parts/NotHereYet";
import { useText } from "#/text/messages";
import { later } from "./messages";

/** Requests of persons to be forgotten. */
export function ErasurePage(): JSX.Element {
  return <NotHereYet title={useText(later).erasure} />;
}

/** How long data is kept. */
export function RetentionPage(): JSX.Element {
  return <NotHereYet title={useText(later).retention} />;
}

/** The stores that data lies in. */
export function StoresPage(): JSX.Element {
  return <NotHereYet title={useText(later).stores} />;
}
