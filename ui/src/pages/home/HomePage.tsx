// The start page: what waits for whoever looks, what failed, what ran, what changed. An empty Lethe shows how to connect a pipeline instead.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type JSX, useState } from "react";
import { ask, live } from "#/api";
import { Page } from "#/design/Page";
import { LinkButton } from "#/parts/LinkButton";
import { Loaded } from "#/parts/Loaded";
import { useText } from "#/text/messages";
import { Changed } from "./Changed";
import { FirstRun } from "./FirstRun";
import styles from "./Home.module.css";
import { home } from "./messages";
import { Runs } from "./Runs";
import { Waiting } from "./Waiting";

const LATEST = 8;

const route = getRouteApi("/");

/** The page. */
export function HomePage(): JSX.Element {
  const { connect } = route.useSearch();
  const latest = useQuery({
    ...ask("GET /api/v1/catalog/search", { query: { sort: "updated", limit: LATEST, q: "type:dataset" } }),
    ...live,
  });
  const jobs = useQuery({
    ...ask("GET /api/v1/jobs", { query: { limit: LATEST } }),
    ...live,
  });
  const isEmpty = latest.data?.total === 0 && jobs.data?.totalCount === 0;
  // Whoever watched the first event arrive is told so, and keeps the token before them until they leave.
  const [isFirst, setIsFirst] = useState(false);
  if (isEmpty && !isFirst) setIsFirst(true);
  if (isEmpty || isFirst || connect) return <FirstRun hasEvents={!isEmpty} />;
  return <Overview latest={latest} jobs={jobs} />;
}

interface OverviewProps {
  latest: Parameters<typeof Changed>[0]["query"];
  jobs: Parameters<typeof Runs>[0]["query"];
}

function Overview({ latest, jobs }: OverviewProps): JSX.Element {
  const text = useText(home);
  const failed = useQuery({ ...ask("GET /api/v1/jobs", { query: { limit: LATEST, lastRunStates: ["FAILED"] } }), ...live });
  return (
    <Page title={text.title} actions={<LinkButton to="/" search={{ connect: true }}>{text.connect}</LinkButton>}>
      <Loaded query={jobs} lines={12}>
        {() => (
          <div className={styles["grid"]}>
            <Waiting />
            <Runs title={text.failed} query={failed} none={text.noneFailed} />
            <Runs title={text.runs} query={jobs} none={text.noRuns} />
            <Changed query={latest} />
          </div>
        )}
      </Loaded>
    </Page>
  );
}
