// The facets beside the results: what there is among them, how often, to be ticked.
import { ListFilter } from "lucide-react";
import { type JSX, useMemo, useRef, useState } from "react";
import type { Api } from "#/api";
import { useCommands } from "#/commands/commands";
import { Button } from "#/design/Button";
import { Cut } from "#/design/Cut";
import { Checkbox } from "#/design/Field";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import styles from "./Catalog.module.css";
import { catalog } from "./messages";
import { type Facet, FACETS } from "./query_text";
import type { CatalogView } from "./view";

const SHOWN = 6;

interface FacetsProps {
  facets: readonly Api.FacetBody[];
  view: CatalogView;
  onToggle: (facet: Facet, value: string) => void;
}

/** All facets. On a phone they are behind a button. */
export function Facets({ facets, view, onToggle }: FacetsProps): JSX.Element {
  const text = useText(catalog);
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLElement>(null);
  useCommands(useMemo(() => [{ id: "facets", group: text.title, label: text.facets, keys: "f", run: () => { box.current?.querySelector("input")?.focus(); } }], [text]));
  return (
    <>
      <span className={styles["opener"]}><Button icon={ListFilter} onPress={() => { setOpen(!isOpen); }} aria-expanded={isOpen}>{text.facets}</Button></span>
      <aside ref={box} className={styles["facets"]} data-open={isOpen} aria-label={text.facets}>
        {FACETS.map((facet) => {
          const body = facets.find((one) => one.facet === facet);
          return body && <OneFacet key={facet} facet={facet} body={body} ticked={view[facet]} onToggle={onToggle} />;
        })}
      </aside>
    </>
  );
}

function OneFacet({ facet, body, ticked, onToggle }: { facet: Facet; body: Api.FacetBody; ticked: readonly string[]; onToggle: FacetsProps["onToggle"] }): JSX.Element | null {
  const text = useText(catalog);
  const format = useFormat();
  const [isWhole, setWhole] = useState(false);
  const lost = ticked.filter((value) => !body.values.some((one) => one.value === value)).map((value) => ({ value, count: 0 }));
  const values = [...lost, ...body.values];
  if (values.length === 0) return null;
  const shown = isWhole ? values : values.slice(0, SHOWN);
  const hidden = values.length - shown.length;
  return (
    <fieldset className={styles["facet"]}>
      <legend>{text[facet]}</legend>
      {shown.map(({ value, count }) => (
        <Checkbox key={value} isSelected={ticked.includes(value)} onChange={() => { onToggle(facet, value); }}>
          <span className={styles["value"]}><Cut text={value} /></span><span className={styles["count"]}>{format.number(count)}</span>
        </Checkbox>
      ))}
      {(hidden > 0 || isWhole) && <Button variant="quiet" className={styles["moreValues"]} onPress={() => { setWhole(!isWhole); }}>{isWhole ? text.fewer : text.more(hidden)}</Button>}
      {isWhole && body.moreValues > 0 && <p className={styles["count"]}>{text.more(body.moreValues)}</p>}
    </fieldset>
  );
}
