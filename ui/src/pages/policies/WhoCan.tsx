// Who may do what was asked about: groups, people and programs, with the rules by which they may.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";
import { request } from "#/api";
import { Chip } from "#/design/Chip";
import { Card } from "#/design/Page";
import { Loaded } from "#/parts/Loaded";
import { Pages } from "#/parts/Pages";
import { datasetOf, readWhat } from "#/parts/question";
import { useText } from "#/text/messages";
import { policies } from "./messages";
import styles from "./Policies.module.css";
import type { PolicyQuestion } from "./view";

const PAGE_SIZE = 50;
/** Groups and everyone cannot be asked about as somebody. */
const isSomebody = (subject: string): boolean => /^(user|service|system):/.test(subject);

/** The list. Asked by attributes; a dataset by its name the server does not take here. */
export function WhoCan({ view, onPage }: { view: PolicyQuestion; onPage: (after: string) => void }): JSX.Element {
  const text = useText(policies);
  const isDataset = datasetOf(view.what) !== null;
  return <Card title={text.whoCan} isFlush>{isDataset ? <p className={styles["note"]}>{text.whoCanByAttributes}</p> : <Permitted view={view} onPage={onPage} />}</Card>;
}

function Permitted({ view, onPage }: { view: PolicyQuestion; onPage: (after: string) => void }): JSX.Element {
  const text = useText(policies);
  const body = {
    action: view.do, resource: readWhat(view.what, view.do), limit: PAGE_SIZE,
    context: { ...(view.purpose === "" ? {} : { purpose: view.purpose }), ...(view.at === "" ? {} : { time: new Date(view.at).toISOString() }) },
    ...(view.whoCan === "" ? {} : { after: view.whoCan }),
  };
  const query = useQuery({
    queryKey: ["POST /api/v1/policies/who-can", body],
    queryFn: async ({ signal }) => await request("POST /api/v1/policies/who-can", { body }, { signal }),
  });
  return (
    <Loaded query={query} lines={5}>
      {({ items, next, policyVersion }) => (
        <>
          {items.length === 0 && <p className={styles["note"]}>{text.nobodyCan}</p>}
          <ul>
            {items.map((one) => (
              <li key={one.subject} className={styles["may"]}>
                <div>
                  {isSomebody(one.subject) ? <Link to="/policies/test" search={{ ...view, who: one.subject, whoCan: "" }}><code>{one.subject}</code></Link> : <code>{one.subject}</code>}
                  <span className={styles["by"]}>{one.rules.map((rule) => <Link key={rule} to="/policies/$version" params={{ version: String(policyVersion) }} search={{ rule }}>{rule}</Link>)}</span>
                </div>
                {one.obligations.length > 0 && <Chip tone="warn" title={one.obligations.join("; ")}>{text.limited}</Chip>}
              </li>
            ))}
          </ul>
          <div className={styles["note"]}><Pages after={view.whoCan} next={next} onGo={onPage} /></div>
        </>
      )}
    </Loaded>
  );
}
