// The tokens of a person or a service account: listed, made, rotated, revoked. A token's text is told once.
import { useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { Ellipsis, Plus } from "lucide-react";
import { type JSX, useState } from "react";
import { type Api, askKeeping, request } from "#/api";
import { When } from "#/design/Bits";
import { Button, IconButton } from "#/design/Button";
import { Chip, type Tone } from "#/design/Chip";
import { DataTable } from "#/design/DataTable";
import { TextField } from "#/design/Field";
import { Menu, MenuItem } from "#/design/Overlay";
import { Card } from "#/design/Page";
import { toast } from "#/design/Toasts";
import { Confirm } from "#/parts/Confirm";
import { Loaded } from "#/parts/Loaded";
import { Pages } from "#/parts/Pages";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import styles from "./Admin.module.css";
import { admin } from "./messages";
import { NewToken, TokenTold } from "./TokenForms";

const PAGE_SIZE = 50;
const TONES: Record<string, Tone> = { active: "ok", overlapping: "warn" };

/** Whose tokens. */
export interface Owner {
  kind: "user" | "service";
  /** The name, or a person's id. */
  name: string;
}

/** Whether a token works now. */
export const works = (token: Api.TokenEntry): boolean => token.state === "active" || token.state === "overlapping";

/** Asks for somebody's tokens. */
export function useTokens(owner: Owner, after = "", isWanted = true): UseQueryResult<Api.List_TokenEntry> {
  const asked = { path: { name: owner.name }, query: { limit: PAGE_SIZE, ...(after === "" ? {} : { after }) } };
  const isUser = owner.kind === "user";
  const users = useQuery({ ...askKeeping("GET /api/v1/users/{name}/tokens", asked), enabled: isWanted && isUser });
  const services = useQuery({ ...askKeeping("GET /api/v1/service-accounts/{name}/tokens", asked), enabled: isWanted && !isUser });
  return isUser ? users : services;
}

interface TokensProps {
  owner: Owner;
  after: string;
  onPage: (after: string) => void;
  /** Whether more can be made. */
  mayMake?: boolean;
}

/** The tokens, in a card. */
export function Tokens({ owner, after, onPage, mayMake = true }: TokensProps): JSX.Element {
  const text = useText(admin);
  const client = useQueryClient();
  const query = useTokens(owner, after);
  const [open, setOpen] = useState<{ what: "new" } | { what: "rotate" | "revoke"; token: Api.TokenEntry } | null>(null);
  const [told, setTold] = useState<Api.TokenMade | null>(null);
  const close = (): void => { setOpen(null); };
  const refresh = async (): Promise<void> => {
    await client.invalidateQueries({ queryKey: [owner.kind === "user" ? "GET /api/v1/users/{name}/tokens" : "GET /api/v1/service-accounts/{name}/tokens"] });
  };
  const made = (token: Api.TokenMade): void => { setTold(token); close(); void refresh(); };
  return (
    <Card title={text.tokens} isFlush actions={mayMake && <Button icon={Plus} onPress={() => { setOpen({ what: "new" }); }}>{text.newToken}</Button>}>
      <Loaded query={query} lines={3}>
        {({ items, next }) => (items.length === 0 && after === "" ? <p className={styles["inset"]}>{text.noTokens}</p> : (
          <>
            <div className={styles["inCard"]}><Table tokens={items} mayRotate={mayMake} onAct={(what, token) => { setOpen({ what, token }); }} /></div>
            <div className={styles["inset"]}><Pages after={after} next={next} onGo={onPage} /></div>
          </>
        ))}
      </Loaded>
      {open?.what === "new" && <NewToken owner={owner} onMade={made} onClose={close} />}
      {open?.what === "rotate" && <Rotate token={open.token} onMade={made} onClose={close} />}
      {open?.what === "revoke" && <Revoke token={open.token} onDone={refresh} onClose={close} />}
      {told !== null && <TokenTold token={told} onClose={() => { setTold(null); }} />}
    </Card>
  );
}

function Table({ tokens, mayRotate, onAct }: { tokens: readonly Api.TokenEntry[]; mayRotate: boolean; onAct: (what: "rotate" | "revoke", token: Api.TokenEntry) => void }): JSX.Element {
  const text = useText(admin);
  const limits = (one: Api.TokenEntry): string[] => [...(one.scopes == null ? [] : [one.scopes]), ...(one.namespaces ?? []).map((namespace) => `ns:${namespace}`)];
  return (
    <DataTable
      label={text.tokens} rows={tokens} idOf={(one) => one.id}
      columns={[
        { id: "name", header: text.name, isRowHeader: true, cell: (one) => <><span className={styles["name"]}>{one.name}</span> <code className={styles["code"]}>{text.endsWith(one.last4)}</code></> },
        { id: "state", header: text.state, cell: (one) => <Chip tone={TONES[one.state] ?? "plain"}>{text.tokenState(one.state)}</Chip> },
        { id: "limits", header: text.limits, cell: (one) => (limits(one).length === 0 ? <span className={styles["muted"]}>{text.unlimited}</span> : <span className={styles["chips"]}>{limits(one).map((limit) => <code key={limit}>{limit}</code>)}</span>) },
        { id: "used", header: text.used, cell: (one) => (one.usedAt == null ? <span className={styles["muted"]}>{text.never}</span> : <When at={one.usedAt} />) },
        { id: "ends", header: text.ends, cell: (one) => <When at={one.overlapsUntil ?? one.expiresAt} /> },
        { id: "acts", header: "", cell: (one) => works(one) && (
          <Menu button={<IconButton icon={Ellipsis} label={text.tokenActs(one.name)} />}>
            {mayRotate && one.state === "active" && <MenuItem onAction={() => { onAct("rotate", one); }}>{text.rotate}</MenuItem>}
            <MenuItem isDangerous onAction={() => { onAct("revoke", one); }}>{text.revoke}</MenuItem>
          </Menu>
        ) },
      ]}
    />
  );
}

function Rotate({ token, onMade, onClose }: { token: Api.TokenEntry; onMade: (token: Api.TokenMade) => void; onClose: () => void }): JSX.Element {
  const text = useText(admin);
  const [hours, setHours] = useState("24");
  const isReady = /^\d{1,3}$/.test(hours) && Number(hours) <= 168;
  const rotate = async (): Promise<void> => {
    onMade(await request("POST /api/v1/tokens/{id}/rotate", { path: { id: token.id }, body: { overlapHours: Number(hours) } }));
  };
  return (
    <Confirm title={text.rotateTitle(token.name)} facts={[text.rotateFacts]} act={text.rotate} isHarmless isReady={isReady} onAct={rotate} onClose={onClose}>
      <TextField label={text.overlap} description={text.overlapWhy} value={hours} onChange={setHours} inputMode="numeric" />
    </Confirm>
  );
}

function Revoke({ token, onDone, onClose }: { token: Api.TokenEntry; onDone: () => Promise<void>; onClose: () => void }): JSX.Element {
  const text = useText(admin);
  const format = useFormat();
  const revoke = async (): Promise<void> => {
    await request("DELETE /api/v1/tokens/{id}", { path: { id: token.id } });
    toast(text.revoked);
    await onDone();
  };
  const used = token.usedAt == null ? text.revokeUnused : text.revokeUsed(format.ago(token.usedAt));
  return <Confirm title={text.revokeTitle(token.name)} facts={[text.revokeFacts, used, text.forGood]} act={text.revoke} onAct={revoke} onClose={onClose} />;
}
