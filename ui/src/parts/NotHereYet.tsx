// The place of a page that is still to come.
import { Construction } from "lucide-react";
import type { JSX } from "react";
import { Empty } from "#/design/State";
import { Page } from "#/design/Page";
import { useText } from "#/text/messages";
import { parts } from "./messages";

/** Says that a page is not here yet. */
export function NotHereYet({ title }: { title: string }): JSX.Element {
  const text = useText(parts);
  return <Page title={title}><Empty title={text.notHereYet} icon={Construction} /></Page>;
}
