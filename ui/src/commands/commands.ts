// Commands: what may be done from the keyboard and the palette. The shell and the page that is shown register theirs;
// the help dialog and the palette list them, so that nothing is listed that does not work.
import { useEffect, useSyncExternalStore } from "react";
import { preference } from "#/base/preference";
import { store } from "#/base/store";

/** Something that may be done. */
export interface Command {
  id: string;
  /** The heading it stands under. */
  group: string;
  label: string;
  /** `g c`: one after the other. `Mod+k`: together; Mod is Ctrl, on a Mac Command. `?`, `[`: as typed. */
  keys?: string;
  /** Keys that only the help lists, as something else listens to them. */
  isInfo?: boolean;
  run(): void;
}

/** Whether single keys do something (WCAG 2.1.4: they can be switched off). */
export const singleKeys = preference("single-keys", ["on", "off"], "on");

const registered = store<readonly (readonly Command[])[]>([]);

/** Registers commands while the caller is shown. Pass a list that is made once (`useMemo`). */
export function useCommands(commands: readonly Command[]): void {
  useEffect(() => {
    registered.set([...registered.get(), commands]);
    return () => { registered.set(registered.get().filter((one) => one !== commands)); };
  }, [commands]);
}

/** Returns all commands there are, the latest registered first. */
export function allCommands(): Command[] {
  return registered.get().toReversed().flat();
}

/** Returns all commands there are, and renders again when they change. */
export function useAllCommands(): Command[] {
  useSyncExternalStore(registered.watch, registered.get);
  return allCommands();
}
