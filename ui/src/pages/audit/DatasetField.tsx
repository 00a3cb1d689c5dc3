// The name of a dataset, found in the catalog while somebody types.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type JSX, useState } from "react";
import * as Aria from "react-aria-components";
import { ask } from "#/api";
import fields from "#/design/Field.module.css";
import { usePageRead } from "#/design/use_page_read";
import { useText } from "#/text/messages";
import styles from "./Audit.module.css";
import { nodeOf } from "./filter";
import { audit } from "./messages";

const SUGGESTIONS = 10;

/** The field. Its value is `dataset:{namespace}:{name}`. */
export function DatasetField({ value, onChange, error }: { value: string; onChange: (value: string) => void; error: string | undefined }): JSX.Element {
  const text = useText(audit);
  const onOpenChange = usePageRead();
  const [isTyped, setTyped] = useState(false);
  const q = value.trim().replace(/^dataset:/, "");
  const { data } = useQuery({ ...ask("GET /api/v1/catalog/suggest", { query: { q, limit: SUGGESTIONS } }), enabled: isTyped && q !== "", placeholderData: keepPreviousData });
  const items = (data ?? []).flatMap(({ kind, namespace, text: name }) => (kind === "dataset" && namespace != null ? [{ id: nodeOf(kind, namespace, name), name, namespace }] : []));
  return (
    <Aria.ComboBox
      allowsCustomValue
      inputValue={value}
      items={items}
      onInputChange={(typed) => { setTyped(true); onChange(typed); }}
      onChange={(key) => { if (key !== null) { setTyped(false); onChange(String(key)); } }}
      onOpenChange={onOpenChange}
      isInvalid={error !== undefined}
      className={fields["field"] ?? ""}
    >
      <Aria.Label className={fields["label"] ?? ""}>{text.of}</Aria.Label>
      <Aria.Input className={fields["input"] ?? ""} placeholder={text.badDataset} />
      <Aria.FieldError className={fields["error"] ?? ""}>{error}</Aria.FieldError>
      <Aria.Popover className={styles["popover"] ?? ""} offset={4}>
        <Aria.ListBox className={styles["options"] ?? ""} items={items}>
          {(item) => (
            <Aria.ListBoxItem id={item.id} textValue={item.id} className={styles["option"] ?? ""}>
              <span className={styles["optionName"]}>{item.name}</span><span className={styles["faint"]}>{item.namespace}</span>
            </Aria.ListBoxItem>
          )}
        </Aria.ListBox>
      </Aria.Popover>
    </Aria.ComboBox>
  );
}
