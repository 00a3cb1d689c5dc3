// Refused events of batches and imports, the latest first.
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { MailCheck } from "lucide-react";
import type { JSX } from "react";
import { askKeeping } from "#/api";
import { When } from "#/design/Bits";
import { Chip } from "#/design/Chip";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import styles from "./Admin.module.css";
import { Listing, useListQuery } from "./Listing";
import { admin } from "./messages";

const FAULTS_SHOWN = 2;

/** The list. */
export function DeadLetters(): JSX.Element {
  const text = useText(admin);
  const format = useFormat();
  const navigate = useNavigate();
  const query = useQuery(askKeeping("GET /api/v1/dead-letters", { query: useListQuery() }));
  return (
    <Listing
      label={text.section("dead-letters")} query={query} idOf={(one) => one.id} onOpen={(one) => { void navigate({ to: "/admin/dead-letters/$id", params: { id: one.id } }); }}
      wordsOf={(one) => [one.code, one.source, ...one.faults.map((fault) => `${fault.pointer} ${fault.message}`)].join(" ")} empty={{ title: text.noLetters, why: text.noLettersWhy, icon: MailCheck }}
      columns={[
        { id: "at", header: text.received, isRowHeader: true, cell: (one) => <When at={one.receivedAt} /> },
        { id: "source", header: text.source, cell: (one) => text.sourceOf(one.source) },
        { id: "code", header: text.code, cell: (one) => <code className={styles["code"]}>{one.code}</code> },
        { id: "faults", header: text.faults, cell: (one) => (
          <ul className={styles["faults"]}>
            {one.faults.slice(0, FAULTS_SHOWN).map((fault, place) => <li key={place}><code>{fault.pointer}</code> {fault.message}</li>)}
            {one.faults.length > FAULTS_SHOWN && <li className={styles["muted"]}>{text.moreFaults(one.faults.length - FAULTS_SHOWN)}</li>}
          </ul>
        ) },
        { id: "bytes", header: text.size, isNumber: true, cell: (one) => format.bytes(one.bytes) },
        { id: "replayed", header: text.replayedAt, cell: (one) => (one.replayedAt == null ? null : <Chip tone="ok"><When at={one.replayedAt} /></Chip>) },
      ]}
    />
  );
}
