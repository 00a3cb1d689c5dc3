// The first tab: what the dataset is, and what people say of it.
import type { JSX } from "react";
import { CopyButton, When } from "#/design/Bits";
import { Card, Facts } from "#/design/Page";
import { EntityLink } from "#/parts/LinkButton";
import { useText } from "#/text/messages";
import type { TabProps } from "./dataset";
import styles from "./Dataset.module.css";
import { EditDescription } from "./EditDescription";
import { EditOwners } from "./EditOwners";
import { EditTags } from "./EditTags";
import { description, tags } from "./edits";
import { datasets } from "./messages";
import { PersonalColumns } from "./PersonalColumns";

/** The tab. */
export function Overview({ dataset }: TabProps): JSX.Element {
  const text = useText(datasets);
  return (
    <div className={styles["overview"]}>
      <div className={styles["main"]}>
        <EditDescription dataset={dataset} what={description} help={text.descriptionHelp} frame={(pencil, rest) => <Card title={text.description} actions={pencil}>{rest}</Card>} />
        <PersonalColumns dataset={dataset} />
        <About dataset={dataset} />
      </div>
      <div className={styles["side"]}>
        <EditOwners dataset={dataset} />
        <Card title={text.tags}><EditTags dataset={dataset} what={tags} /></Card>
        <Properties dataset={dataset} />
      </div>
    </div>
  );
}

function About({ dataset }: TabProps): JSX.Element {
  const text = useText(datasets);
  const name = (value: string): JSX.Element => <span className={styles["copied"]}><code>{value}</code><CopyButton text={value} label={text.copy} /></span>;
  const time = (at: string | null | undefined): JSX.Element | string => (at ? <When at={at} isExact /> : text.never);
  const facts = [
    { name: text.name, value: name(dataset.name) },
    { name: text.namespaceWord, value: name(dataset.namespace) },
    { name: text.kind, value: [dataset.platform, dataset.subtype].filter(Boolean).join(", ") },
    { name: text.source, value: dataset.source ?? text.unknown },
    { name: text.lastWritten, value: time(dataset.writtenAt) },
    { name: text.lastNamed, value: time(dataset.updatedAt) },
    { name: text.firstNamed, value: time(dataset.createdAt) },
    ...(dataset.lifecycle ? [{ name: text.lifecycle, value: dataset.lifecycle }] : []),
    ...(dataset.aliases.length > 0 ? [{ name: text.aliases, value: <ul>{dataset.aliases.map((one) => <li key={`${one.namespace} ${one.name}`}><EntityLink kind="dataset" {...one}>{one.name}</EntityLink> <span className={styles["subtle"]}>{one.namespace}</span></li>)}</ul> }] : []),
  ];
  return <Card title={text.about}><Facts facts={facts} /></Card>;
}

function Properties({ dataset }: TabProps): JSX.Element | null {
  const text = useText(datasets);
  const entries = Object.entries(dataset.properties);
  if (entries.length === 0) return null;
  return <Card title={text.properties}><Facts facts={entries.map(([name, value]) => ({ name, value }))} /></Card>;
}
