// Listens to the keyboard for commands. Single keys never do anything while somebody types, nor under a dialog.
import { allCommands, type Command, singleKeys } from "./commands";

const SEQUENCE_MILLISECONDS = 1_200;
const isMac = (): boolean => navigator.userAgent.includes("Mac");

/** Returns a press as commands write it, or null for what only changes others. */
export function pressOf(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">, onMac: boolean): string | null {
  if (["Shift", "Control", "Alt", "Meta", "Dead", "Process"].includes(event.key)) return null;
  const isMod = onMac ? event.metaKey : event.ctrlKey;
  if (isMod) return `Mod+${event.key.toLowerCase()}`;
  // AltGr makes letters on some keyboards and comes as Ctrl+Alt; plain Alt belongs to the browser.
  if (event.altKey || event.metaKey || event.ctrlKey) return null;
  return event.shiftKey && event.key.length > 1 ? `Shift+${event.key}` : event.key;
}

/** Returns the command that a sequence of presses is, or `more` if it is the beginning of one. */
export function match(presses: readonly string[], commands: readonly Command[]): Command | "more" | null {
  const typed = presses.join(" ");
  const live = commands.filter((command) => command.keys !== undefined && command.isInfo !== true);
  return live.find((command) => command.keys === typed) ?? (live.some((command) => command.keys?.startsWith(`${typed} `)) ? "more" : null);
}

/** How keys are shown to people on this machine. */
export function shownKeys(keys: string): string {
  return keys.replace("Mod+", isMac() ? "⌘" : "Ctrl+").replace(/\+(\w)$/, (_, key: string) => `+${key.toUpperCase()}`);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest("input:not([type=checkbox],[type=radio]), textarea, select, [role=dialog], [role=alertdialog], [role=menu], [role=listbox]") !== null;
}

/** Begins to listen. Returns how to stop. */
export function listen(): () => void {
  let presses: string[] = [];
  let last = 0;
  const onKey = (event: KeyboardEvent): void => {
    const press = pressOf(event, isMac());
    if (press === null || event.defaultPrevented) return;
    const isSingle = !press.startsWith("Mod+");
    if (isSingle && (singleKeys.get() === "off" || isTyping(event.target))) return;
    presses = event.timeStamp - last < SEQUENCE_MILLISECONDS ? [...presses, press] : [press];
    last = event.timeStamp;
    let found = match(presses, allCommands());
    if (found === null && presses.length > 1) {
      presses = [press];
      found = match(presses, allCommands());
    }
    if (found === "more") return;
    presses = [];
    if (found === null) return;
    event.preventDefault();
    found.run();
  };
  document.addEventListener("keydown", onKey);
  return () => { document.removeEventListener("keydown", onKey); };
}
