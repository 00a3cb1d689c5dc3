// A choice of one of a few. Apart from the other fields, as its list weighs more than they do.
import { ChevronDown } from "lucide-react";
import type { JSX } from "react";
import * as Aria from "react-aria-components";
import { classes } from "./classes";
import { Below, type Told } from "./Field";
import styles from "./Field.module.css";

/** One of a few. `inline` puts the label before the value, for bars. */
export function SelectField<W extends string>({ label, value, options, onChange, inline, description, error }: Told & { value: W; options: readonly { id: W; label: string }[]; onChange: (value: W) => void; inline?: boolean }): JSX.Element {
  const chosen = (key: Aria.Key | null): void => {
    const option = options.find((one) => one.id === key);
    if (option) onChange(option.id);
  };
  return (
    <Aria.Select value={value} onChange={chosen} isInvalid={error !== undefined} className={classes(styles["field"], inline && styles["inline"])}>
      <Aria.Label className={styles["label"] ?? ""}>{label}</Aria.Label>
      <Aria.Button className={styles["select"] ?? ""}>
        <Aria.SelectValue />
        <ChevronDown size={14} aria-hidden />
      </Aria.Button>
      <Below description={description} error={error} />
      <Aria.Popover className={styles["popover"] ?? ""} offset={4}>
        <Aria.ListBox className={styles["options"] ?? ""} items={options}>
          {(option) => <Aria.ListBoxItem id={option.id} className={styles["option"] ?? ""}>{option.label}</Aria.ListBoxItem>}
        </Aria.ListBox>
      </Aria.Popover>
    </Aria.Select>
  );
}
