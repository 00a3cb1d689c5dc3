// Who owns a dataset, and in which role; changed all at once.
import { Pencil, Plus, X } from "lucide-react";
import { type JSX, type SyntheticEvent, useState } from "react";
import type { Api } from "#/api";
import { Button, IconButton } from "#/design/Button";
import { TextField } from "#/design/Field";
import { Card } from "#/design/Page";
import { useText } from "#/text/messages";
import type { TabProps } from "./dataset";
import styles from "./Edit.module.css";
import { EditStatus } from "./EditStatus";
import { owners } from "./edits";
import { datasets } from "./messages";
import { useEdit } from "./use_edit";

type Owners = readonly Api.Owner[];
const written = (list: Owners): string => list.map((owner) => (owner.type ? `${owner.name} (${owner.type})` : owner.name)).join(", ");

/** The card. */
export function EditOwners({ dataset }: TabProps): JSX.Element {
  const text = useText(datasets);
  const edit = useEdit(dataset, owners);
  const [draft, setDraft] = useState<{ list: Owners; before: Owners } | null>(null);
  const begin = (): void => {
    const from = edit.state.is === "refused" ? edit.state.mine : edit.stands;
    edit.forget();
    setDraft({ list: from.length === 0 ? [{ name: "" }] : from, before: edit.stands });
  };
  const save = (list: Owners): void => {
    const cleaned = list.map(({ name, type }) => ({ name: name.trim(), type: type?.trim() === "" ? null : type?.trim() ?? null })).filter((owner) => owner.name !== "");
    if (draft) edit.save(cleaned, draft.before);
    setDraft(null);
  };
  return (
    <Card title={text.owners} actions={draft === null ? <IconButton icon={Pencil} label={text.editOwners} onPress={begin} /> : undefined}>
      {draft === null ? <Shown list={edit.shown} /> : <Draft list={draft.list} onChange={(list) => { setDraft({ ...draft, list }); }} onSave={save} onCancel={() => { setDraft(null); }} />}
      <EditStatus state={edit.state} forget={edit.forget} write={written} />
    </Card>
  );
}

function Shown({ list }: { list: Owners }): JSX.Element {
  const text = useText(datasets);
  if (list.length === 0) return <p className={styles["nothing"]}>{text.noOwners}</p>;
  return <ul className={styles["owners"]}>{list.map((owner) => <li key={`${owner.name} ${owner.type ?? ""}`}><span>{owner.name}</span>{owner.type && <span className={styles["role"]}>{owner.type}</span>}</li>)}</ul>;
}

interface DraftProps {
  list: Owners;
  onChange: (list: Owners) => void;
  onSave: (list: Owners) => void;
  onCancel: () => void;
}

function Draft({ list, onChange, onSave, onCancel }: DraftProps): JSX.Element {
  const text = useText(datasets);
  const change = (place: number, said: Partial<Api.Owner>): void => { onChange(list.map((owner, at) => (at === place ? { ...owner, ...said } : owner))); };
  const submit = (event: SyntheticEvent): void => { event.preventDefault(); onSave(list); };
  return (
    <form className={styles["form"]} onSubmit={submit}>
      {list.map((owner, place) => (
        <div key={place} className={styles["ownerRow"]}>
          <TextField label={text.owner} value={owner.name} onChange={(name) => { change(place, { name }); }} />
          <TextField label={text.role} value={owner.type ?? ""} onChange={(type) => { change(place, { type }); }} />
          <IconButton icon={X} label={text.removeOwner(owner.name)} onPress={() => { onChange(list.filter((_, at) => at !== place)); }} />
        </div>
      ))}
      <p className={styles["nothing"]}>{text.ownersHelp}</p>
      <div className={styles["actions"]}>
        <Button variant="primary" type="submit">{text.save}</Button>
        <Button onPress={onCancel}>{text.cancel}</Button>
        <Button variant="quiet" icon={Plus} onPress={() => { onChange([...list, { name: "" }]); }}>{text.addOwner}</Button>
      </div>
    </form>
  );
}
