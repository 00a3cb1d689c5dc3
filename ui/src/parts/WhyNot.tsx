// The way from a refusal to the policy test, which says why: with the dataset that the page is about, where it is about one.
import { createContext, type JSX, type ReactNode, useContext } from "react";
import { useText } from "#/text/messages";
import { LinkButton } from "./LinkButton";
import { parts } from "./messages";
import { datasetWhat } from "./question";

const About = createContext<string | null>(null);

/** What stands below is about a dataset. */
export function AboutDataset({ namespace, name, children }: { namespace: string; name: string; children: ReactNode }): JSX.Element {
  return <About.Provider value={datasetWhat(namespace, name)}>{children}</About.Provider>;
}

/** The link. */
export function WhyNot({ permission }: { permission: string }): JSX.Element {
  const text = useText(parts);
  const about = useContext(About);
  const what = about !== null && permission.startsWith("dataset:") ? { what: about } : {};
  return <LinkButton to="/policies/test" search={{ do: permission, ...what }}>{text.whyNot}</LinkButton>;
}
