// One refused event: what came, what is wrong with it; mended and replayed, or deleted.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { type JSX, useState } from "react";
import { type Api, ask, request } from "#/api";
import { CopyButton, When } from "#/design/Bits";
import { Button } from "#/design/Button";
import { Chip } from "#/design/Chip";
import { TextField } from "#/design/Field";
import { Card, Facts, Page } from "#/design/Page";
import { Banner } from "#/design/State";
import { toast } from "#/design/Toasts";
import { Confirm } from "#/parts/Confirm";
import { Loaded } from "#/parts/Loaded";
import { ProblemBanner } from "#/parts/ProblemBanner";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import styles from "./Admin.module.css";
import { admin } from "./messages";
import { jsonFault, laidOut } from "./payload";

const LINES = 24;
const route = getRouteApi("/admin/dead-letters/$id");

/** The page. */
export function DeadLetterPage(): JSX.Element {
  const text = useText(admin);
  const { id } = route.useParams();
  const query = useQuery({ ...ask("GET /api/v1/dead-letters/{id}", { path: { id } }), refetchOnWindowFocus: false });
  return (
    <Page
      title={text.letter} above={<Link to="/admin/{-$section}" params={{ section: "dead-letters" }}>{text.section("dead-letters")}</Link>}
      beside={query.data?.replayedAt == null ? undefined : <Chip tone="ok">{text.replayedAt} <When at={query.data.replayedAt} /></Chip>}
    >
      <Loaded query={query}>{(letter) => <Letter key={letter.id} letter={letter} />}</Loaded>
    </Page>
  );
}

function Letter({ letter }: { letter: Api.DeadLetterFull }): JSX.Element {
  const text = useText(admin);
  const format = useFormat();
  return (
    <div className={styles["columns"]}>
      <Payload letter={letter} />
      <Card title={text.faults}>
        <div className={styles["stack"]}>
          <ul className={styles["faults"]}>{letter.faults.map((fault, place) => <li key={place}><code>{fault.pointer}</code> {fault.message}</li>)}</ul>
          <Facts facts={[
            { name: text.received, value: <When at={letter.receivedAt} isExact /> },
            { name: text.source, value: text.sourceOf(letter.source) },
            { name: text.code, value: <code>{letter.code}</code> },
            { name: text.size, value: format.bytes(letter.bytes) },
          ]} />
        </div>
      </Card>
    </div>
  );
}

function Payload({ letter }: { letter: Api.DeadLetterFull }): JSX.Element {
  const text = useText(admin);
  const format = useFormat();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [edited, setEdited] = useState<string | null>(null);
  const [isDeleting, setDeleting] = useState(false);
  const fault = edited === null ? null : jsonFault(edited);
  const refresh = async (): Promise<void> => {
    await client.invalidateQueries({ queryKey: ["GET /api/v1/dead-letters"] });
    await client.invalidateQueries({ queryKey: ["GET /api/v1/dead-letters/{id}"] });
  };
  const replay = useMutation({
    // As it came, or the text that was written: never brought into another form on its way.
    mutationFn: async () => { await request("POST /api/v1/dead-letters/{id}/replay", { path: { id: letter.id }, body: edited ?? undefined }); },
    onSuccess: async () => { toast(text.replayed); setEdited(null); await refresh(); },
  });
  const remove = async (): Promise<void> => {
    await request("DELETE /api/v1/dead-letters/{id}", { path: { id: letter.id } });
    toast(text.deleted);
    await navigate({ to: "/admin/{-$section}", params: { section: "dead-letters" } });
    await client.invalidateQueries({ queryKey: ["GET /api/v1/dead-letters"] });
  };
  return (
    <Card title={text.payload} actions={letter.payload != null && <CopyButton text={letter.payload} />}>
      <div className={styles["stack"]}>
        {/* A box that scrolls must be reachable by keyboard (WCAG 2.1.1). */}
        {edited === null
          ? letter.payload == null
            ? <Banner tone="info">{text.payloadKept}</Banner>
            // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            : <pre className={styles["payload"]} tabIndex={0}>{laidOut(letter.payload)}</pre>
          : <TextField label={text.editPayload} lines={LINES} mono value={edited} onChange={setEdited} spellCheck="false" error={fault === null ? undefined : `${text.invalidJson} ${fault}`} />}
        {replay.error && <ProblemBanner problem={replay.error} />}
        {replay.error?.faults.length === 1 && <Banner tone="warn"><code>{replay.error.faults[0]?.pointer}</code> {replay.error.faults[0]?.message}</Banner>}
        <div className={styles["bar"]}>
          <Button variant="primary" isPending={replay.isPending} isDisabled={fault !== null} onPress={() => { replay.mutate(); }}>{edited === null ? text.replay : text.replayEdited}</Button>
          <Button onPress={() => { setEdited(edited === null ? laidOut(letter.payload ?? "") : null); }}>{edited === null ? text.editPayload : text.asItCame}</Button>
          <span className={styles["space"]} />
          <Button variant="danger" onPress={() => { setDeleting(true); }}>{text.deleteLetter}</Button>
        </div>
      </div>
      {isDeleting && <Confirm title={text.deleteTitle} facts={[text.deleteFacts(format.bytes(letter.bytes)), text.rotateKeysRecord, text.forGood]} act={text.deleteLetter} onAct={remove} onClose={() => { setDeleting(false); }} />}
    </Card>
  );
}
