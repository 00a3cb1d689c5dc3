// The catalog's search: what is typed (in the bar above) and ticked finds datasets and jobs.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import { type JSX, useState } from "react";
import { type Api, askKeeping } from "#/api";
import { Button } from "#/design/Button";
import { Chip } from "#/design/Chip";
import { SelectField } from "#/design/Select";
import { Page } from "#/design/Page";
import { Banner, Empty } from "#/design/State";
import { LinkButton } from "#/parts/LinkButton";
import { Loaded } from "#/parts/Loaded";
import { useText } from "#/text/messages";
import styles from "./Catalog.module.css";
import { Facets } from "./Facets";
import { Hit } from "./Hit";
import { catalog } from "./messages";
import { searchText, tickedOf, toggled } from "./query_text";
import { type CatalogView, catalogView } from "./view";

const PAGE_SIZE = 30;
const route = getRouteApi("/catalog");

/** The page. */
export function CatalogPage(): JSX.Element {
  const text = useText(catalog);
  const view = route.useSearch();
  const navigate = route.useNavigate();
  const show = (change: Partial<CatalogView>): void => { void navigate({ search: { ...view, after: "", ...change } }); };
  const q = searchText(view);
  const query = useQuery(askKeeping("GET /api/v1/catalog/search", { query: { q, sort: view.sort, limit: PAGE_SIZE, ...(view.after ? { after: view.after } : {}) } }));
  const sorts = (["relevance", "name", "updated"] as const).map((id) => ({ id, label: text[id] }));
  return (
    <Page title={text.title} beside={query.data && <Total found={query.data} />} actions={<SelectField label={text.sort} inline value={view.sort} options={sorts} onChange={(sort) => { show({ sort }); }} />}>
      <Ticked view={view} show={show} />
      <Loaded query={query} lines={12}>
        {(found) => (found.total === 0
          ? <Nothing view={view} show={show} />
          : <Results found={found} q={q} view={view} show={show} />)}
      </Loaded>
    </Page>
  );
}

type Show = (change: Partial<CatalogView>) => void;

function Total({ found }: { found: Api.SearchBody }): JSX.Element {
  const text = useText(catalog);
  return <span className={styles["total"]} role="status">{found.exact ? text.results(found.total) : text.atLeast(found.total)}</span>;
}

function Ticked({ view, show }: { view: CatalogView; show: Show }): JSX.Element | null {
  const text = useText(catalog);
  const ticked = tickedOf(view);
  if (ticked.length === 0) return null;
  const { q, sort } = view;
  return (
    <div className={styles["ticked"]}>
      {ticked.map(({ facet, value }) => (
        <Chip key={`${facet} ${value}`} removeLabel={text.remove(`${text[facet]}: ${value}`)} onRemove={() => { show({ [facet]: toggled(view[facet], value) }); }}>{text[facet]}: {value}</Chip>
      ))}
      <Button variant="quiet" onPress={() => { show({ ...catalogView.defaults, q, sort }); }}>{text.clear}</Button>
    </div>
  );
}

function Results({ found, q, view, show }: { found: Api.SearchBody; q: string; view: CatalogView; show: Show }): JSX.Element {
  const text = useText(catalog);
  const [explained, setExplained] = useState<string | null>(null);
  const { next } = found;
  return (
    <div className={styles["columns"]}>
      <Facets facets={found.facets} view={view} onToggle={(facet, value) => { show({ [facet]: toggled(view[facet], value) }); }} />
      <div className={styles["found"]}>
        {found.mended && <Banner>{text.mended}</Banner>}
        {found.changed && <Banner>{text.shifted}</Banner>}
        <ol className={styles["hits"]} aria-label={text.results_}>
          {found.hits.map((hit) => (
            <Hit key={hit.id} hit={hit} q={q} isExplained={explained === hit.id} onExplain={() => { setExplained(explained === hit.id ? null : hit.id); }} />
          ))}
        </ol>
        {(next ?? view.after) && (
          <nav className={styles["pages"]} aria-label={text.pages}>
            {view.after && <Button onPress={() => { show({}); }}>{text.firstPage}</Button>}
            {next && <Button onPress={() => { show({ after: next }); window.scrollTo({ top: 0 }); }}>{text.nextPage}</Button>}
          </nav>
        )}
        <p className={styles["syntax"]}>{text.syntax}</p>
      </div>
    </div>
  );
}

function Nothing({ view, show }: { view: CatalogView; show: Show }): JSX.Element {
  const text = useText(catalog);
  const asked = searchText(view);
  if (asked === "") return <Empty title={text.empty} icon={SearchX} actions={<LinkButton to="/">{text.connect}</LinkButton>}><p>{text.emptyWhy}</p></Empty>;
  const clear = <Button onPress={() => { show(catalogView.defaults); }}>{text.clear}</Button>;
  return <Empty title={text.nothingFits} icon={SearchX} actions={clear}><p>{text.nothingFitsWhy}</p><code>{asked}</code><p>{text.syntax}</p></Empty>;
}
