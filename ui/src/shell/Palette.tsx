// The palette: commands, and datasets, jobs and columns of the catalog, by a few letters.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Columns3, Database, Search, SquareTerminal, Workflow } from "lucide-react";
import { type JSX, useEffect, useState } from "react";
import * as Aria from "react-aria-components";
import { type Api, ask } from "#/api";
import { useAllCommands } from "#/commands/commands";
import { shownKeys } from "#/commands/keys";
import { Keys } from "#/design/Bits";
import { useText } from "#/text/messages";
import { shell } from "./messages";
import styles from "./Palette.module.css";

const PAUSE_MILLISECONDS = 150;
const SUGGESTIONS = 8;
const ICONS: Record<string, typeof Database> = { dataset: Database, job: Workflow, column: Columns3 };

function useLate(value: string): string {
  const [late, setLate] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => { setLate(value); }, PAUSE_MILLISECONDS);
    return () => { clearTimeout(timer); };
  }, [value]);
  return late;
}

/** The palette. */
export default function Palette({ onClose }: { onClose: () => void }): JSX.Element {
  const text = useText(shell);
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const late = useLate(typed.trim());
  const { data } = useQuery({ ...ask("GET /api/v1/catalog/suggest", { query: { q: late, limit: SUGGESTIONS } }), enabled: late !== "", placeholderData: keepPreviousData });
  const found = late === "" ? [] : (data ?? []);
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const commands = useAllCommands().filter((command) => command.isInfo !== true && command.id !== "palette" && words.every((word) => command.label.toLowerCase().includes(word)));
  const open = (one: Api.SuggestionBody): void => {
    const { kind, namespace, text: name } = one;
    if (kind === "dataset" && namespace) void navigate({ to: "/datasets/$namespace/$name/{-$tab}", params: { namespace, name } });
    else if (kind === "job" && namespace) void navigate({ to: "/jobs/$namespace/$name/{-$tab}", params: { namespace, name } });
    else void navigate({ to: "/catalog", search: { q: one.query } });
  };
  return (
    <Aria.ModalOverlay isOpen isDismissable onOpenChange={onClose} className={styles["shade"] ?? ""}>
      <Aria.Modal className={styles["modal"] ?? ""}>
        <Aria.Dialog aria-label={text.palette} className={styles["dialog"] ?? ""}>
          <Aria.Autocomplete inputValue={typed} onInputChange={setTyped}>
            <Aria.SearchField aria-label={text.paletteInput} autoFocus className={styles["field"] ?? ""}>
              <Search size={16} aria-hidden />
              <Aria.Input placeholder={text.paletteInput} className={styles["input"] ?? ""} />
            </Aria.SearchField>
            <Aria.Menu className={styles["menu"] ?? ""} onClose={onClose} aria-label={text.palette} renderEmptyState={() => <p className={styles["none"]}>{text.noMatch}</p>}>
              {found.length > 0 && <Group heading={text.matches}>{found.map((one) => <Found key={`${one.kind} ${one.query}`} one={one} open={open} />)}</Group>}
              {[...new Set(commands.map((command) => command.group))].map((group) => (
                <Group key={group} heading={group}>
                  {commands.filter((command) => command.group === group).map((command) => (
                    <Aria.MenuItem key={command.id} id={command.id} textValue={command.label} className={styles["item"] ?? ""} onAction={() => { onClose(); command.run(); }}>
                      <SquareTerminal size={14} aria-hidden /><span className={styles["name"]}>{command.label}</span>
                      {command.keys && <Keys keys={shownKeys(command.keys)} />}
                    </Aria.MenuItem>
                  ))}
                </Group>
              ))}
            </Aria.Menu>
          </Aria.Autocomplete>
        </Aria.Dialog>
      </Aria.Modal>
    </Aria.ModalOverlay>
  );
}

function Group({ heading, children }: { heading: string; children: JSX.Element[] }): JSX.Element {
  return <Aria.MenuSection><Aria.Header className={styles["heading"] ?? ""}>{heading}</Aria.Header>{children}</Aria.MenuSection>;
}

function Found({ one, open }: { one: Api.SuggestionBody; open: (one: Api.SuggestionBody) => void }): JSX.Element {
  const Icon = ICONS[one.kind] ?? Search;
  return (
    <Aria.MenuItem id={`found ${one.kind} ${one.query}`} textValue={one.text} className={styles["item"] ?? ""} onAction={() => { open(one); }}>
      <Icon size={14} aria-hidden /><span className={styles["name"]}>{one.text}</span><span className={styles["where"]}>{one.namespace ?? one.kind}</span>
    </Aria.MenuItem>
  );
}
