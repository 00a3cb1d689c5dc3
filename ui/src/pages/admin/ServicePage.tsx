// One service account: its namespaces and roles, its tokens. The API lists accounts only, so it is found on the list.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import { type JSX, useState } from "react";
import { type Api, ask, request } from "#/api";
import { Button } from "#/design/Button";
import { Card, Page } from "#/design/Page";
import { Empty } from "#/design/State";
import { toast } from "#/design/Toasts";
import { Confirm } from "#/parts/Confirm";
import { Loaded } from "#/parts/Loaded";
import { useText } from "#/text/messages";
import styles from "./Admin.module.css";
import { admin } from "./messages";
import { ServiceForm } from "./ServiceForm";
import { Tokens, useTokens, works } from "./Tokens";
import { InUse } from "./Users";

const LOOKED_AT = 1_000;
const route = getRouteApi("/admin/service-accounts/$name");

/** The page. */
export function ServicePage(): JSX.Element {
  const text = useText(admin);
  const { name } = route.useParams();
  const { after } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(ask("GET /api/v1/service-accounts", { query: { limit: LOOKED_AT } }));
  const account = query.data?.items.find((one) => one.name === name);
  return (
    <Page
      title={name} above={<Link to="/admin/{-$section}" params={{ section: "service-accounts" }}>{text.section("service-accounts")}</Link>}
      beside={account && <InUse isDisabled={account.disabled} />} actions={account && (account.disabled ? <Enable account={account} /> : <Disable account={account} />)}
    >
      <Loaded query={query}>
        {() => (account === undefined ? <Empty title={text.noAccount} icon={SearchX}><p>{text.noAccountWhy}</p></Empty> : (
          <div className={styles["columns"]}>
            <Tokens owner={{ kind: "service", name }} after={after} onPage={(next) => { void navigate({ search: { after: next } }); }} mayMake={!account.disabled} />
            <Card title={text.details}><ServiceForm key={`${account.id} ${account.disabled}`} account={account} onSaved={() => { toast(text.saved); }} /></Card>
          </div>
        ))}
      </Loaded>
    </Page>
  );
}

function Enable({ account }: { account: Api.AccountEntry }): JSX.Element {
  const text = useText(admin);
  const client = useQueryClient();
  const enable = useMutation({
    mutationFn: async () => await request("PUT /api/v1/service-accounts/{name}", { path: { name: account.name }, body: { enabled: true } }),
    onSuccess: async () => { toast(text.enabled_(account.name)); await client.invalidateQueries(); },
    onError: (problem) => { toast(problem.detail, "danger"); },
  });
  return <Button isPending={enable.isPending} onPress={() => { enable.mutate(); }}>{text.enable}</Button>;
}

function Disable({ account }: { account: Api.AccountEntry }): JSX.Element {
  const text = useText(admin);
  const client = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const tokens = useTokens({ kind: "service", name: account.name }, "", isAsked);
  const disable = async (): Promise<void> => {
    await request("DELETE /api/v1/service-accounts/{name}", { path: { name: account.name } });
    toast(text.disabled_(account.name));
    await client.invalidateQueries();
  };
  const facts = [text.disableAccountFacts(text.tokensCount((tokens.data?.items ?? []).filter(works).length))];
  return (
    <>
      <Button variant="danger" onPress={() => { setAsked(true); }}>{text.disable}</Button>
      {isAsked && <Confirm title={text.disableAccount(account.name)} facts={facts} act={text.disable} word={account.name} isReady={tokens.isSuccess} onAct={disable} onClose={() => { setAsked(false); }} />}
    </>
  );
}
