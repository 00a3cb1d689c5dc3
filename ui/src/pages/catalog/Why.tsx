// Why a result was found and what its score is made of, as the server explains it.
import { useQuery } from "@tanstack/react-query";
import type { JSX } from "react";
import { type Api, ask } from "#/api";
import { Facts } from "#/design/Page";
import { Loaded } from "#/parts/Loaded";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import styles from "./Catalog.module.css";
import { readExplanation } from "./explanation";
import { catalog } from "./messages";

/** The explanation. */
export function Why({ hit, q }: { hit: Api.HitBody; q: string }): JSX.Element {
  const text = useText(catalog);
  const format = useFormat();
  const query = useQuery(ask("GET /api/v1/catalog/explain", { query: { q, kind: hit.kind, id: hit.id } }));
  return (
    <div className={styles["explained"]}>
      <Loaded query={query} lines={3}>
        {(told) => {
          const { score, exactness, words, usage, freshness } = readExplanation(told);
          return (
            <Facts facts={[
              { name: text.level, value: exactness },
              { name: text.text, value: <ul>{words.map((one) => <li key={`${one.word} ${one.field}`} className={styles["points"]}><span>{text.points(one.word, one.field, one.how)}</span><span>{format.number(one.points)}</span></li>)}</ul> },
              { name: text.usage, value: format.percent(usage) },
              { name: text.freshness, value: format.percent(freshness) },
              { name: text.score, value: format.number(score) },
            ]} />
          );
        }}
      </Loaded>
    </div>
  );
}
