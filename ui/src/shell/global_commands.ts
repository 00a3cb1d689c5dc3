// The commands that work everywhere.
import { useNavigate } from "@tanstack/react-router";
import { type RefObject, useMemo } from "react";
import type { Command } from "#/commands/commands";
import { theme } from "#/design/appearance";
import { useText } from "#/text/messages";
import { shell } from "./messages";
import { PLACES } from "./places";
import { railWidth } from "./Shell";

const NEXT_THEME = { system: "light", light: "dark", dark: "system" } as const;

/** Makes them. */
export function useGlobalCommands(search: RefObject<HTMLInputElement | null>, open: (what: "palette" | "help") => void): readonly Command[] {
  const text = useText(shell);
  const navigate = useNavigate();
  return useMemo(() => {
    const none = (): void => undefined;
    const places = PLACES.flat().map((place): Command => ({
      id: place.to, group: text.go, label: text[place.text], ...(place.keys ? { keys: place.keys } : {}), run: () => { void navigate({ to: place.to }); },
    }));
    return [
      ...places,
      { id: "search", group: text.global, label: text.search, keys: "/", run: () => { search.current?.focus(); search.current?.select(); } },
      { id: "palette", group: text.global, label: text.palette, keys: "Mod+k", run: () => { open("palette"); } },
      { id: "help", group: text.global, label: text.help, keys: "?", run: () => { open("help"); } },
      { id: "rail", group: text.look, label: text.foldRail, keys: "[", run: () => { railWidth.set(railWidth.get() === "wide" ? "narrow" : "wide"); } },
      { id: "theme", group: text.look, label: text.nextTheme, keys: "t", run: () => { theme.set(NEXT_THEME[theme.get()]); } },
      { id: "close", group: text.global, label: text.closeTop, keys: "Esc", isInfo: true, run: none },
      { id: "rows", group: text.inTables, label: text.moveRows, keys: "↑ ↓", isInfo: true, run: none },
      { id: "open-row", group: text.inTables, label: text.openRow, keys: "Enter", isInfo: true, run: none },
      { id: "choose-row", group: text.inTables, label: text.chooseRow, keys: "Space", isInfo: true, run: none },
    ];
  }, [text, navigate, search, open]);
}
