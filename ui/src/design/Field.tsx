// Fields: text, search, a tick, a switch. Each has a label, and says what is wrong below itself.
import { Check, Search, X } from "lucide-react";
import type { JSX, ReactNode, Ref } from "react";
import * as Aria from "react-aria-components";
import { classes } from "./classes";
import styles from "./Field.module.css";

/** What every field tells. */
export interface Told {
  label: string;
  description?: string | undefined;
  /** What is wrong with it, if something is. */
  error?: string | undefined;
}

/** What stands below a field: what it is for, or what is wrong with it. */
export function Below({ description, error }: Omit<Told, "label">): JSX.Element {
  return (
    <>
      {description && <Aria.Text slot="description" className={styles["description"]}>{description}</Aria.Text>}
      <Aria.FieldError className={styles["error"] ?? ""}>{error}</Aria.FieldError>
    </>
  );
}

/** A line of text, or with `lines` several. */
export function TextField({ label, description, error, lines, mono, placeholder, inputRef, ...rest }: Aria.TextFieldProps & Told & { lines?: number; mono?: boolean; placeholder?: string; inputRef?: Ref<HTMLInputElement> }): JSX.Element {
  const look = classes(styles["input"], mono && styles["mono"]);
  return (
    <Aria.TextField {...rest} isInvalid={error !== undefined} className={styles["field"] ?? ""}>
      <Aria.Label className={styles["label"] ?? ""}>{label}</Aria.Label>
      {lines ? <Aria.TextArea rows={lines} placeholder={placeholder} className={look} /> : <Aria.Input ref={inputRef ?? null} placeholder={placeholder} className={look} />}
      <Below description={description} error={error} />
    </Aria.TextField>
  );
}

/** What is searched for. Its label is told to screen readers only. */
export function SearchField({ label, placeholder, clear, inputRef, ...rest }: Aria.SearchFieldProps & { label: string; placeholder?: string; clear: string; inputRef?: Ref<HTMLInputElement> }): JSX.Element {
  return (
    <Aria.SearchField {...rest} aria-label={label} className={styles["search"] ?? ""}>
      <Search size={16} aria-hidden />
      <Aria.Input ref={inputRef ?? null} placeholder={placeholder ?? label} className={styles["bare"] ?? ""} />
      <Aria.Button className={styles["clear"] ?? ""} aria-label={clear}><X size={14} aria-hidden /></Aria.Button>
    </Aria.SearchField>
  );
}

/** Something that is ticked or not. */
export function Checkbox({ children, ...rest }: Omit<Aria.CheckboxFieldProps, "children"> & { children: ReactNode }): JSX.Element {
  return (
    <Aria.CheckboxField {...rest}>
      <Aria.CheckboxButton className={styles["checkbox"] ?? ""}>
        <span className={styles["box"]}><Check size={12} strokeWidth={3} aria-hidden /></span>
        {children}
      </Aria.CheckboxButton>
    </Aria.CheckboxField>
  );
}

/** Something that is on or off, at once. */
export function Switch({ children, ...rest }: Omit<Aria.SwitchFieldProps, "children"> & { children: ReactNode }): JSX.Element {
  return (
    <Aria.SwitchField {...rest}>
      <Aria.SwitchButton className={styles["switch"] ?? ""}>
        <span className={styles["track"]} />
        {children}
      </Aria.SwitchButton>
    </Aria.SwitchField>
  );
}
