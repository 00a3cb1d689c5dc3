// A field that is typed into, with suggestions below it. What is typed holds, whether it was suggested or not. Apart from
// the other fields, as its list weighs more than they do.
import { ChevronDown } from "lucide-react";
import type { JSX } from "react";
import * as Aria from "react-aria-components";
import { useText } from "#/text/messages";
import { classes } from "./classes";
import { Below, type Told } from "./Field";
import styles from "./Field.module.css";
import { kit } from "./messages";
import { usePageRead } from "./use_page_read";

/** A suggestion: what is put into the field, what it is shown as if not that, and what stands beside it. */
export interface Suggestion {
  id: string;
  label?: string;
  hint?: string;
}

/** The field. The caller suggests what fits `value`; `isFiltered` leaves that to the field. */
export function ComboField({ label, value, onChange, suggestions, isFiltered, placeholder, description, error, mono, ...rest }: Told & {
  value: string; onChange: (value: string) => void; suggestions: readonly Suggestion[]; isFiltered?: boolean; placeholder?: string; mono?: boolean; isRequired?: boolean; autoFocus?: boolean; onFocus?: () => void;
}): JSX.Element {
  const text = useText(kit);
  const onOpenChange = usePageRead();
  const fits = isFiltered ? suggestions.filter((one) => one.id.toLowerCase().includes(value.toLowerCase())) : suggestions;
  // Where what is typed is one of them already, all are offered, so that another can be chosen.
  const offered = suggestions.some((one) => one.id === value) ? suggestions : fits;
  return (
    <Aria.ComboBox
      {...rest} allowsCustomValue menuTrigger="focus" inputValue={value} onInputChange={onChange} items={offered} defaultFilter={() => true}
      onOpenChange={onOpenChange} isInvalid={error !== undefined} className={styles["field"] ?? ""}
    >
      <Aria.Label className={styles["label"] ?? ""}>{label}</Aria.Label>
      <Aria.Group className={styles["combo"] ?? ""}>
        <Aria.Input placeholder={placeholder} autoComplete="off" spellCheck={false} className={classes(styles["input"], mono && styles["mono"])} />
        <Aria.Button className={styles["opener"] ?? ""} aria-label={text.suggestions}><ChevronDown size={14} aria-hidden /></Aria.Button>
      </Aria.Group>
      <Below description={description} error={error} />
      <Aria.Popover className={styles["popover"] ?? ""} offset={4}>
        <Aria.ListBox<Suggestion> className={styles["options"] ?? ""}>
          {(one) => (
            <Aria.ListBoxItem id={one.id} textValue={one.id} className={classes(styles["option"], styles["suggestion"])}>
              <span>{one.label ?? one.id}</span>
              {one.hint && <span className={styles["hint"]}>{one.hint}</span>}
            </Aria.ListBoxItem>
          )}
        </Aria.ListBox>
      </Aria.Popover>
    </Aria.ComboBox>
  );
}
