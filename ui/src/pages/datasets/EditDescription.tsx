// What a dataset or a column holds, in words; changed in place.
import { useBlocker } from "@tanstack/react-router";
import { Pencil } from "lucide-react";
import { type JSX, type KeyboardEvent, useState } from "react";
import { Button, IconButton } from "#/design/Button";
import { TextField } from "#/design/Field";
import { useText } from "#/text/messages";
import type { Dataset } from "./dataset";
import styles from "./Edit.module.css";
import { EditStatus } from "./EditStatus";
import type { Editable } from "./edits";
import { datasets } from "./messages";
import { useEdit } from "./use_edit";

interface EditDescriptionProps {
  dataset: Dataset;
  what: Editable<string>;
  /** How it is written, and what leaving it empty means. */
  help: string;
  /** What stands around it: its title, the pencil, and the rest. */
  frame: (pencil: JSX.Element | undefined, rest: JSX.Element) => JSX.Element;
}

/** The description with its editor. */
export function EditDescription({ dataset, what, help, frame }: EditDescriptionProps): JSX.Element {
  const text = useText(datasets);
  const edit = useEdit(dataset, what);
  const [draft, setDraft] = useState<{ text: string; before: string } | null>(null);
  const begin = (from = edit.stands): void => { edit.forget(); setDraft({ text: from, before: edit.stands }); };
  const save = (): void => {
    if (draft) edit.save(draft.text.trim(), draft.before);
    setDraft(null);
  };
  const refused = edit.state.is === "refused" ? edit.state.mine : null;
  const pencil = <IconButton icon={Pencil} label={text.editDescription} onPress={() => { begin(refused ?? undefined); }} />;
  return frame(draft === null ? pencil : undefined, (
    <>
      {draft === null
        ? (edit.shown === "" ? <p className={styles["nothing"]}>{text.noDescription}</p> : <p className={styles["prose"]}>{edit.shown}</p>)
        : <Draft draft={draft.text} isChanged={draft.text !== draft.before} onChange={(said) => { setDraft({ ...draft, text: said }); }} onSave={save} onCancel={() => { setDraft(null); }} help={help} />}
      <EditStatus state={edit.state} forget={edit.forget} write={(value) => value} />
    </>
  ));
}

interface DraftProps {
  draft: string;
  isChanged: boolean;
  onChange: (text: string) => void;
  onSave: () => void;
  onCancel: () => void;
  help: string;
}

function Draft({ draft, isChanged, onChange, onSave, onCancel, help }: DraftProps): JSX.Element {
  const text = useText(datasets);
  useBlocker({ shouldBlockFn: () => isChanged && !window.confirm(text.leaveDraft), enableBeforeUnload: isChanged });
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape") onCancel();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onSave();
  };
  return (
    <div className={styles["form"]}>
      <TextField label={text.description} lines={5} value={draft} onChange={onChange} onKeyDown={onKey} autoFocus description={help} />
      <div className={styles["actions"]}>
        <Button variant="primary" onPress={onSave}>{text.save}</Button>
        <Button onPress={onCancel}>{text.cancel}</Button>
      </div>
    </div>
  );
}
