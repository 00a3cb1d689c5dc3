// What a dataset holds, in words; changed in place.
import { useBlocker } from "@tanstack/react-router";
import { Pencil } from "lucide-react";
import { type JSX, type KeyboardEvent, useState } from "react";
import { Button, IconButton } from "#/design/Button";
import { TextField } from "#/design/Field";
import { Card } from "#/design/Page";
import { useText } from "#/text/messages";
import type { TabProps } from "./dataset";
import styles from "./Edit.module.css";
import { EditStatus } from "./EditStatus";
import { description } from "./edits";
import { datasets } from "./messages";
import { useEdit } from "./use_edit";

/** The card. */
export function EditDescription({ dataset }: TabProps): JSX.Element {
  const text = useText(datasets);
  const edit = useEdit(dataset, description);
  const [draft, setDraft] = useState<{ text: string; before: string } | null>(null);
  const begin = (from = edit.stands): void => { edit.forget(); setDraft({ text: from, before: edit.stands }); };
  const save = (): void => {
    if (draft) edit.save(draft.text.trim(), draft.before);
    setDraft(null);
  };
  const refused = edit.state.is === "refused" ? edit.state.mine : null;
  const pencil = <IconButton icon={Pencil} label={text.editDescription} onPress={() => { begin(refused ?? undefined); }} />;
  return (
    <Card title={text.description} actions={draft === null ? pencil : undefined}>
      {draft === null
        ? (edit.shown === "" ? <p className={styles["nothing"]}>{text.noDescription}</p> : <p className={styles["prose"]}>{edit.shown}</p>)
        : <Draft draft={draft.text} isChanged={draft.text !== draft.before} onChange={(said) => { setDraft({ ...draft, text: said }); }} onSave={save} onCancel={() => { setDraft(null); }} />}
      <EditStatus state={edit.state} forget={edit.forget} write={(value) => value} />
    </Card>
  );
}

interface DraftProps {
  draft: string;
  isChanged: boolean;
  onChange: (text: string) => void;
  onSave: () => void;
  onCancel: () => void;
}

function Draft({ draft, isChanged, onChange, onSave, onCancel }: DraftProps): JSX.Element {
  const text = useText(datasets);
  useBlocker({ shouldBlockFn: () => isChanged && !window.confirm(text.leaveDraft), enableBeforeUnload: isChanged });
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape") onCancel();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onSave();
  };
  return (
    <div className={styles["form"]}>
      <TextField label={text.description} lines={5} value={draft} onChange={onChange} onKeyDown={onKey} autoFocus description={text.descriptionHelp} />
      <div className={styles["actions"]}>
        <Button variant="primary" onPress={onSave}>{text.save}</Button>
        <Button onPress={onCancel}>{text.cancel}</Button>
      </div>
    </div>
  );
}
