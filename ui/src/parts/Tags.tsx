// Tags as chips: personal data in its own colour and with its word, the others plain.
import type { JSX } from "react";
import { Chip } from "#/design/Chip";
import { useText } from "#/text/messages";
import { parts } from "./messages";
import { type PersonalData, splitTags } from "./personal_data";
import styles from "./Tags.module.css";

/** A class of personal data. */
export function PersonalChip({ data, onRemove, removeLabel }: { data: PersonalData; onRemove?: () => void; removeLabel?: string }): JSX.Element {
  const text = useText(parts);
  const kind = data.isSpecial ? text.specialData : text.personalData;
  const removing = onRemove && removeLabel !== undefined ? { onRemove, removeLabel } : {};
  return <Chip tone={data.isSpecial ? "special" : "pii"} title={`${kind}: ${data.tag}`} {...removing}>{data.path === "" ? kind : data.path}</Chip>;
}

/** Tags; of many the first ones, and how many more. */
export function Tags({ tags, max = 6, onlyPersonal }: { tags: readonly string[]; max?: number; onlyPersonal?: boolean }): JSX.Element | null {
  const text = useText(parts);
  const { personal, others } = splitTags(tags);
  const shown = [
    ...personal.map((data) => <PersonalChip key={data.tag} data={data} />),
    ...(onlyPersonal ? [] : others.map((tag) => <Chip key={tag} title={tag}>{tag}</Chip>)),
  ];
  if (shown.length === 0) return null;
  return (
    <span className={styles["tags"]}>
      {shown.slice(0, max)}
      {shown.length > max && <span className={styles["more"]}>{text.andMore(shown.length - max)}</span>}
    </span>
  );
}
