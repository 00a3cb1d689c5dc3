// What a set says that another does not, and the other way round: by their rules, however they are written or ordered.
import { useQuery } from "@tanstack/react-query";
import type { JSX } from "react";
import { type Api, ask, askKeeping } from "#/api";
import { SelectField } from "#/design/Select";
import { Loaded } from "#/parts/Loaded";
import { useText } from "#/text/messages";
import styles from "./Code.module.css";
import { Line } from "./Line";
import { policies } from "./messages";
import page from "./Policies.module.css";

const OTHERS = 200;

interface CompareProps {
  set: Api.PolicyBody;
  active: number | null;
  /** 0 is the set in force. */
  against: number;
  onAgainst: (version: number) => void;
}

/** The comparison. */
export function Compare({ set, active, against, onAgainst }: CompareProps): JSX.Element {
  const text = useText(policies);
  const others = useQuery(ask("GET /api/v1/policies", { query: { limit: OTHERS } }));
  const other = against === 0 ? active : against;
  const versions = [...new Set([...(others.data?.items ?? []).map((one) => one.version), ...(other === null ? [] : [other])])].sort((a, b) => b - a);
  const options = versions.map((version) => ({ id: String(version), label: version === active ? text.inForceNow(version) : String(version) }));
  return (
    <div className={page["stack"]}>
      <div><SelectField label={text.against} inline value={String(other ?? "")} options={options} onChange={(id) => { onAgainst(Number(id) === active ? 0 : Number(id)); }} /></div>
      {other === set.version ? <p className={page["muted"]}>{text.sameSet}</p> : other !== null && <Difference version={set.version} against={other} />}
    </div>
  );
}

function Difference({ version, against }: { version: number; against: number }): JSX.Element {
  const text = useText(policies);
  const query = useQuery(askKeeping("GET /api/v1/policies/{version}", { path: { version }, query: { against } }));
  return (
    <Loaded query={query}>
      {({ diff }) => (diff == null || (diff.added.length === 0 && diff.removed.length === 0) ? <p className={page["muted"]}>{text.sameRules}</p> : (
        <>
          <ul className={styles["diff"]} aria-label={text.compare}>
            {diff.removed.map((line) => <li key={`- ${line}`} className={styles["removed"]} data-numbers={text.removed}><span className={styles["sign"]}>−</span><Line text={line} /></li>)}
            {diff.added.map((line) => <li key={`+ ${line}`} className={styles["added"]} data-numbers={text.added}><span className={styles["sign"]}>+</span><Line text={line} /></li>)}
          </ul>
          {diff.leftOut > 0 && <p className={page["muted"]}>{text.leftOut(diff.leftOut)}</p>}
        </>
      ))}
    </Loaded>
  );
}
