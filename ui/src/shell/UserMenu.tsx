// Who is signed in, and how things look to them.
import { useNavigate } from "@tanstack/react-router";
import { CircleUser } from "lucide-react";
import { type JSX, useSyncExternalStore } from "react";
import { asProblem, signOut, useMe } from "#/api";
import { density, theme } from "#/design/appearance";
import { IconButton } from "#/design/Button";
import { Menu, MenuGroup, MenuItem, MenuLine } from "#/design/Overlay";
import { toast } from "#/design/Toasts";
import { type Locale, locale, LOCALES, useLocale } from "#/text/locale";
import { useText } from "#/text/messages";
import { shell } from "./messages";

/** What languages call themselves; not translated. */
const NAMES: Record<Locale, string> = { en: "English", de: "Deutsch", pseudo: "Ƥśéúdó" };
const OFFERED = LOCALES.filter((one) => one !== "pseudo" || import.meta.env.DEV);

/** The menu. */
export default function UserMenu(): JSX.Element {
  const text = useText(shell);
  const me = useMe();
  const chosen = { theme: useSyncExternalStore(theme.watch, theme.get), density: useSyncExternalStore(density.watch, density.get) };
  const navigate = useNavigate();
  const leave = (): void => { signOut().catch((thrown: unknown) => { toast(asProblem(thrown).detail, "danger"); }); };
  return (
    <Menu button={<IconButton icon={CircleUser} label={text.signedInAs(me.name)} />}>
      <MenuGroup heading={text.theme} value={chosen.theme} onChange={theme.set} options={[{ id: "system", label: text.themeSystem }, { id: "light", label: text.themeLight }, { id: "dark", label: text.themeDark }]} />
      <MenuGroup heading={text.density} value={chosen.density} onChange={density.set} options={[{ id: "compact", label: text.densityCompact }, { id: "default", label: text.densityDefault }, { id: "comfortable", label: text.densityComfortable }]} />
      <MenuGroup heading={text.language} value={useLocale()} onChange={locale.set} options={OFFERED.map((id) => ({ id, label: NAMES[id] }))} />
      <MenuLine />
      <MenuItem id="account" onAction={() => { void navigate({ to: "/account" }); }}>{text.myAccount}</MenuItem>
      {me.kind !== "anonymous" && <MenuItem id="out" onAction={leave}>{text.signOut}</MenuItem>}
    </Menu>
  );
}
