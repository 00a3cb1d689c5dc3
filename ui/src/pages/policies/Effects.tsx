// What rules would change compared with those in force: for which people and programs, and on what.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowDownRight, ArrowUpRight, CircleCheck, Equal } from "lucide-react";
import type { JSX } from "react";
import { type Api, request } from "#/api";
import { Chip } from "#/design/Chip";
import { type DataColumn, DataTable } from "#/design/DataTable";
import { Banner, Empty } from "#/design/State";
import { Loaded } from "#/parts/Loaded";
import { writeWhat } from "#/parts/question";
import { useFormat } from "#/text/format";
import { type Spoken, useText } from "#/text/messages";
import { type Change, grouped } from "./effects";
import { policies } from "./messages";
import styles from "./Policies.module.css";

type Text = Spoken<(typeof policies)["en"]>;

/** Comparing everybody with everything takes a while. */
export const SIMULATION_TIMEOUT = 120_000;
const THINGS_SHOWN = 50;
const LOOKS: Record<string, Parameters<typeof Chip>[0]> = {
  gains: { tone: "warn", icon: ArrowUpRight, children: null },
  loses: { tone: "danger", icon: ArrowDownRight, children: null },
  other_obligations: { tone: "info", icon: Equal, children: null },
};

/** The effects of a stored set, or of a text that is being written. */
export function Effects({ of, isInForce = false }: { of: Api.SimulateAsked; isInForce?: boolean }): JSX.Element {
  const text = useText(policies);
  const query = useQuery({
    queryKey: ["POST /api/v1/policies/simulate", of],
    queryFn: async ({ signal }) => await request("POST /api/v1/policies/simulate", { body: of }, { signal, timeout: SIMULATION_TIMEOUT }),
    enabled: !isInForce,
    gcTime: 0,
  });
  if (isInForce) return <Empty title={text.effectsOfForce} icon={CircleCheck} />;
  return <Loaded query={query}>{(told) => <Told told={told} />}</Loaded>;
}

/** What a simulation told. */
export function Told({ told }: { told: Api.SimulationBody }): JSX.Element {
  const text = useText(policies);
  const format = useFormat();
  return (
    <div className={styles["stack"]}>
      {told.truncated && <Banner tone="warn">{text.effectsPart}</Banner>}
      <p className={styles["figures"]}>
        <strong>{text.effectsTotal(told.total)}</strong>
        <span>{text.effectsShare(format.number(told.principalsChanged), format.number(told.principalsAsked), text.principals)}</span>
        <span>{text.effectsShare(format.number(told.classesChanged), format.number(told.classesAsked), text.classes)}</span>
        <span>{text.compared(format.number(told.asked))}</span>
      </p>
      {told.total === 0 ? <Empty title={text.noEffects} icon={CircleCheck} /> : (
        <>
          {told.differences.length < told.total && <p className={styles["muted"]}>{text.effectsFirst(format.number(told.differences.length))}</p>}
          <DataTable label={text.effects} rows={grouped(told.differences)} idOf={(one) => one.id} columns={columns(text)} />
        </>
      )}
    </div>
  );
}

function columns(text: Text): DataColumn<Change>[] {
  const rules = (names: readonly string[]): JSX.Element => <span className={styles["acts"]}>{names.map((name) => <code key={name}>{name}</code>)}</span>;
  const word = (change: string): string => ({ gains: text.gains, loses: text.loses, other_obligations: text.other_obligations })[change] ?? change;
  return [
    { id: "who", header: text.whoChanged, isRowHeader: true, cell: (one) => <code>{one.principal}</code> },
    { id: "change", header: text.change, cell: (one) => <Chip {...LOOKS[one.change]}>{word(one.change)}</Chip> },
    { id: "act", header: text.act, cell: (one) => <Link to="/policies/test" search={{ who: one.principal, do: one.action, what: writeWhat(one.resources[0] ?? { kind: "" }) }}><code>{one.action}</code></Link> },
    { id: "what", header: text.resource, cell: (one) => <Things resources={one.resources} /> },
    { id: "before", header: text.before, cell: (one) => rules(one.before) },
    { id: "after", header: text.after, cell: (one) => rules([...one.after, ...one.obligations]) },
  ];
}

/** What it is about: one by its attributes, several as their number, to be opened. */
function Things({ resources }: { resources: readonly Api.ResourceAsked[] }): JSX.Element {
  const text = useText(policies);
  const [first] = resources;
  if (resources.length === 1 && first !== undefined) return <code>{writeWhat(first)}</code>;
  return (
    <details className={styles["things"]}>
      <summary>{text.things(resources.length)}</summary>
      <ul>{resources.slice(0, THINGS_SHOWN).map((one) => <li key={writeWhat(one)}><code>{writeWhat(one)}</code></li>)}</ul>
      {resources.length > THINGS_SHOWN && <p className={styles["muted"]}>{text.leftOut(resources.length - THINGS_SHOWN).replace(/\.$/, "")}</p>}
    </details>
  );
}
