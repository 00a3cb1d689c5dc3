// Adds a filter token: first what to filter by, then the value; or both at once as it is typed (`outcome:denied`).
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ArrowLeft, ListFilter } from "lucide-react";
import { type JSX, useMemo, useState } from "react";
import * as Aria from "react-aria-components";
import { ask } from "#/api";
import { serverNow } from "#/base/clock";
import { useCommands } from "#/commands/commands";
import { Button, IconButton } from "#/design/Button";
import { useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import styles from "./Audit.module.css";
import { type Field, FIELDS, nodeOf, OUTCOMES, readToken, readValue, type Token } from "./filter";
import { audit } from "./messages";
import { useNames } from "./names";

const HOURS = [1, 24];
const DAYS = [7, 30, 90];
const HOUR = 3_600_000;
const SUGGESTIONS = 12;

/** One thing that may be chosen. */
interface Option {
  id: string;
  label: string;
  beside?: string;
  take: () => void;
}

/** The button and what it opens. */
export function AddFilter({ onAdd }: { onAdd: (token: Token) => void }): JSX.Element {
  const text = useText(audit);
  const [isOpen, setOpen] = useState(false);
  useCommands(useMemo(() => [{ id: "audit-filter", group: text.title, label: text.addFilter, keys: "f", run: () => { setOpen(true); } }], [text]));
  return (
    <Aria.DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <Button icon={ListFilter}>{text.addFilter}</Button>
      <Aria.Popover className={styles["popover"] ?? ""} placement="bottom start" offset={4}>
        <Aria.Dialog aria-label={text.addFilter} className={styles["picker"] ?? ""}>
          <Picker onAdd={(token) => { setOpen(false); onAdd(token); }} />
        </Aria.Dialog>
      </Aria.Popover>
    </Aria.DialogTrigger>
  );
}

function Picker({ onAdd }: { onAdd: (token: Token) => void }): JSX.Element {
  const text = useText(audit);
  const [field, setField] = useState<Field | null>(null);
  const [typed, setTyped] = useState("");
  const values = useValues(field, typed);
  const choose = (next: Field | null): void => { setField(next); setTyped(""); };
  const own = field === null ? readToken(typed) : asToken(field, typed);
  const words = typed.trim().toLowerCase();
  const matching = values.filter(({ label, id }) => field === "dataset" || `${label} ${id}`.toLowerCase().includes(words));
  const fields = FIELDS.filter((one) => text[one].toLowerCase().includes(words) || one.startsWith(words));
  const options: Option[] = field === null
    ? fields.map((one) => ({ id: one, label: text[one], beside: `${one}:`, take: () => { choose(one); } }))
    : matching.map((value) => ({ ...value, take: () => { onAdd({ field, value: value.id }); } }));
  if (own !== null && !options.some((one) => one.id === own.value)) options.unshift({ id: `own ${own.value}`, label: text.use(own.value), beside: text[own.field], take: () => { onAdd(own); } });
  const label = field === null ? text.typeFilter : text.typeValue(text[field]);
  return (
    <Aria.Autocomplete inputValue={typed} onInputChange={setTyped}>
      <div className={styles["pickerHead"]}>
        {field !== null && <IconButton icon={ArrowLeft} label={text.back} onPress={() => { choose(null); }} />}
        <Aria.SearchField key={field ?? ""} aria-label={label} autoFocus className={styles["pickerField"] ?? ""}>
          <Aria.Input placeholder={label} className={styles["pickerInput"] ?? ""} />
        </Aria.SearchField>
      </div>
      <Aria.Menu aria-label={label} className={styles["options"] ?? ""} items={options} dependencies={[options]} renderEmptyState={() => <p className={styles["hint"]}>{text.noValue(field ?? "")}</p>}>
        {(option) => (
          <Aria.MenuItem id={option.id} textValue={option.label} className={styles["option"] ?? ""} shouldCloseOnSelect={false} onAction={option.take}>
            <span className={styles["optionName"]} title={option.label}>{option.label}</span>
            {option.beside !== undefined && <span className={styles["faint"]}>{option.beside}</span>}
          </Aria.MenuItem>
        )}
      </Aria.Menu>
    </Aria.Autocomplete>
  );
}

function asToken(field: Field, typed: string): Token | null {
  const value = readValue(field, typed);
  return value === null ? null : { field, value };
}

type Value = Pick<Option, "id" | "label" | "beside">;

/** What there is to choose from: what is known here, counted in the log, or found in the catalog. */
function useValues(field: Field | null, typed: string): Value[] {
  const text = useText(audit);
  const format = useFormat();
  const names = useNames();
  const [now] = useState(serverNow);
  const q = typed.trim();
  const actions = useQuery({ ...ask("GET /api/v1/audit/histogram", { query: { by: "day", split: "action" } }), enabled: field === "action" }).data;
  const found = useQuery({ ...ask("GET /api/v1/catalog/suggest", { query: { q, limit: SUGGESTIONS } }), enabled: field === "dataset" && q !== "", placeholderData: keepPreviousData }).data;
  if (field === "outcome") return OUTCOMES.map((id) => ({ id, label: text[id] }));
  if (field === "actor") return [...names].map(([id, label]) => ({ id, label }));
  if (field === "action") {
    const counts = new Map<string, number>();
    for (const { part, count } of actions?.items ?? []) counts.set(part, (counts.get(part) ?? 0) + count);
    return [...counts].sort(([, a], [, b]) => b - a).map(([id, count]) => ({ id, label: id, beside: format.number(count) }));
  }
  if (field === "dataset" && q !== "") {
    return (found ?? []).flatMap(({ kind, namespace, text: label }) => (namespace != null && (kind === "dataset" || kind === "job") ? [{ id: nodeOf(kind, namespace, label), label, beside: kind }] : []));
  }
  if (field === "from") {
    const back = (hours: number): string => new Date(now - hours * HOUR).toISOString();
    return [...HOURS.map((hours) => ({ id: back(hours), label: text.hours(hours) })), ...DAYS.map((days) => ({ id: back(days * 24), label: text.days(days) }))];
  }
  return [];
}
