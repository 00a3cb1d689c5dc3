// Writes a draft: rules, cases and why, from the set in force or another. The server reads it at a press, marks faults in
// place and tells what it would change; saved, it is a set of its own that is not in force.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { ask } from "#/api";
import { Page } from "#/design/Page";
import { Loaded } from "#/parts/Loaded";
import { useText } from "#/text/messages";
import { policies } from "./messages";
import { Writer } from "./Writer";

const route = getRouteApi("/policies/new");

/** The page. */
export function DraftPage(): JSX.Element {
  const { from } = route.useSearch();
  return from === 0 ? <FromActive /> : <FromSet version={from} />;
}

function FromActive(): JSX.Element {
  // What is written must not be replaced by a set that comes into force meanwhile.
  const query = useQuery({ ...ask("GET /api/v1/policies/active", { query: {} }), staleTime: Infinity, refetchOnMount: "always" });
  return <Based query={query} />;
}

function FromSet({ version }: { version: number }): JSX.Element {
  return <Based query={useQuery(ask("GET /api/v1/policies/{version}", { path: { version }, query: {} }))} />;
}

function Based({ query }: { query: Parameters<typeof Loaded<Parameters<typeof Writer>[0]["base"]>>[0]["query"] }): JSX.Element {
  const text = useText(policies);
  return (
    <Page title={text.draftTitle} above={<Link to="/policies">{text.title}</Link>} beside={query.data && <Link to="/policies/$version" params={{ version: String(query.data.version) }}>{text.basedOn(query.data.version)}</Link>}>
      <Loaded query={query} lines={12}>{(base) => <Writer key={base.version} base={base} />}</Loaded>
    </Page>
  );
}
