// The tags of a dataset or of a column: each may be taken off, others put on.
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type JSX, type SyntheticEvent, useState } from "react";
import { askKeeping } from "#/api";
import { Button } from "#/design/Button";
import { Chip } from "#/design/Chip";
import { TextField } from "#/design/Field";
import { PersonalChip } from "#/parts/Tags";
import { personalData } from "#/parts/personal_data";
import { useText } from "#/text/messages";
import type { Dataset } from "./dataset";
import styles from "./Edit.module.css";
import { EditStatus } from "./EditStatus";
import type { Editable } from "./edits";
import { datasets } from "./messages";
import { useEdit } from "./use_edit";

const SUGGESTED = 6;

/** The tags. */
export function EditTags({ dataset, what, help }: { dataset: Dataset; what: Editable<readonly string[]>; help?: string }): JSX.Element {
  const text = useText(datasets);
  const edit = useEdit(dataset, what);
  const [isAdding, setAdding] = useState(false);
  const remove = (tag: string): void => { edit.save(edit.shown.filter((one) => one !== tag), edit.shown); };
  const add = (tag: string): void => {
    setAdding(false);
    const spelled = tag.trim();
    if (spelled !== "" && !edit.shown.includes(spelled)) edit.save([...edit.shown, spelled].sort(), edit.shown);
  };
  return (
    <div className={styles["form"]}>
      <ul className={styles["tags"]} aria-label={text.tags}>
        {edit.shown.map((tag) => <li key={tag}><One tag={tag} onRemove={() => { remove(tag); }} /></li>)}
        {edit.shown.length === 0 && !isAdding && <li className={styles["nothing"]}>{text.noTags}</li>}
        {!isAdding && <li><Button variant="quiet" icon={Plus} onPress={() => { edit.forget(); setAdding(true); }}>{text.addTag}</Button></li>}
      </ul>
      {isAdding && <Adding onAdd={add} onCancel={() => { setAdding(false); }} help={help} />}
      <EditStatus state={edit.state} forget={edit.forget} write={(value) => value.join(", ")} />
    </div>
  );
}

function One({ tag, onRemove }: { tag: string; onRemove: () => void }): JSX.Element {
  const text = useText(datasets);
  const data = personalData(tag);
  if (data) return <PersonalChip data={data} onRemove={onRemove} removeLabel={text.removeTag(tag)} />;
  return <Chip title={tag} onRemove={onRemove} removeLabel={text.removeTag(tag)}>{tag}</Chip>;
}

function Adding({ onAdd, onCancel, help }: { onAdd: (tag: string) => void; onCancel: () => void; help: string | undefined }): JSX.Element {
  const text = useText(datasets);
  const [typed, setTyped] = useState("");
  const suggested = useQuery(askKeeping("GET /api/v1/catalog/suggest", { query: { q: `tag:${typed}`, limit: SUGGESTED } }));
  const values = (suggested.data ?? []).filter((one) => one.kind === "tag").map((one) => one.text);
  const submit = (event: SyntheticEvent): void => { event.preventDefault(); onAdd(typed); };
  return (
    <form className={styles["form"]} onSubmit={submit}>
      <TextField label={text.newTag} value={typed} onChange={setTyped} autoFocus onKeyDown={(event) => { if (event.key === "Escape") onCancel(); }} description={help ?? text.tagHelp} />
      {values.length > 0 && <div className={styles["actions"]}>{values.map((value) => <Button key={value} onPress={() => { onAdd(value); }}>{value}</Button>)}</div>}
      <div className={styles["actions"]}>
        <Button variant="primary" type="submit" isDisabled={typed.trim() === ""}>{text.addTag}</Button>
        <Button onPress={onCancel}>{text.cancel}</Button>
      </div>
    </form>
  );
}
