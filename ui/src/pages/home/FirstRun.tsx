// How to connect a pipeline: a token, lines to copy with the real address, and the first event as it arrives.
import { CircleCheck, LoaderCircle } from "lucide-react";
import { type JSX, useState } from "react";
import { serverAddress } from "#/base/base_path";
import { Code } from "#/design/Bits";
import { Card, Page } from "#/design/Page";
import { Banner } from "#/design/State";
import { Tabs } from "#/design/Tabs";
import { LinkButton } from "#/parts/LinkButton";
import { useText } from "#/text/messages";
import styles from "./Home.module.css";
import { TOOLS } from "./lines";
import { home } from "./messages";
import { TokenForm } from "./TokenForm";

const NO_TOKEN = "$LETHE_TOKEN";

/** The page. The token is in memory only. */
export function FirstRun({ hasEvents }: { hasEvents: boolean }): JSX.Element {
  const text = useText(home);
  const [tool, setTool] = useState(TOOLS[0]?.id ?? "");
  const [token, setToken] = useState<string | null>(null);
  const address = serverAddress();
  const tabs = TOOLS.map((one) => ({ id: one.id, label: one.name, panel: () => <Code code={one.lines(address, token ?? NO_TOKEN)} label={text.copyLines(one.name)} /> }));
  return (
    <Page title={hasEvents ? text.connect : text.connectTitle}>
      <p className={styles["lead"]}>{text.connectLead}</p>
      <div className={styles["steps"]}>
        <Card title={text.makeToken}>
          {token === null ? <TokenForm onToken={setToken} /> : <><Banner>{text.tokenIs}</Banner><Code code={token} label={text.makeToken} /></>}
        </Card>
        <Card title={text.tools}>
          <Tabs label={text.tools} tabs={tabs} value={tool} onChange={setTool} />
          <p className={styles["more"]}>{text.demo}</p>
        </Card>
        <p className={styles["waiting"]} role="status">
          {hasEvents ? <CircleCheck size={16} aria-hidden /> : <LoaderCircle size={16} aria-hidden className={styles["turning"]} />}
          {hasEvents ? text.arrived : text.waiting}
          {hasEvents && <LinkButton to="/catalog" variant="primary">{text.see}</LinkButton>}
        </p>
      </div>
    </Page>
  );
}
