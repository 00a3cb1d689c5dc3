// The bar at the top: search, commands, how the connection is, who is there.
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { Command as CommandIcon, Menu as MenuIcon } from "lucide-react";
import { type JSX, lazy, type RefObject, Suspense, useState } from "react";
import { type Connection, useConnection } from "#/api";
import { shownKeys } from "#/commands/keys";
import { IconButton } from "#/design/Button";
import { classes } from "#/design/classes";
import { SearchField } from "#/design/Field";
import { useText } from "#/text/messages";
import { shell } from "./messages";
import styles from "./TopBar.module.css";

const UserMenu = lazy(() => import("./UserMenu"));

/** The bar. */
export function TopBar({ search, onPalette, onRail }: { search: RefObject<HTMLInputElement | null>; onPalette: () => void; onRail: () => void }): JSX.Element {
  const text = useText(shell);
  const connection = useConnection();
  return (
    <header className={styles["bar"]}>
      <span className={styles["menu"]}><IconButton icon={MenuIcon} label={text.openRail} onPress={onRail} /></span>
      <Search input={search} />
      <div className={styles["end"]}>
        <IconButton icon={CommandIcon} label={text.palette} keys={shownKeys("Mod+k")} onPress={onPalette} />
        <Dot connection={connection} />
        <Suspense fallback={<span className={styles["user"]} />}><UserMenu /></Suspense>
      </div>
    </header>
  );
}

function Dot({ connection }: { connection: Connection }): JSX.Element {
  const text = useText(shell);
  return (
    <span className={classes(styles["dot"], styles[connection])} role="status" title={text[connection]}>
      <span className={styles["lamp"]} aria-hidden /><span className={styles["word"]}>{text[connection]}</span>
    </span>
  );
}

/** Searches the catalog: in the catalog with every key, elsewhere on Enter. What is typed is in the URL, not here. */
function Search({ input }: { input: RefObject<HTMLInputElement | null> }): JSX.Element {
  const text = useText(shell);
  const navigate = useNavigate();
  const { isCatalog, asked } = useRouterState({
    select: ({ location }) => {
      const found = (location.search as { q?: unknown }).q;
      const isCatalog = location.pathname === "/catalog";
      return { isCatalog, asked: isCatalog && typeof found === "string" ? found : "" };
    },
    structuralSharing: true,
  });
  const [typed, setTyped] = useState<string | null>(null);
  const go = (q: string): void => {
    void navigate({ to: "/catalog", search: isCatalog ? (before) => ({ ...before, q, after: "" }) : { q }, replace: isCatalog });
  };
  return (
    <div className={styles["search"]} role="search">
      <SearchField
        label={text.search}
        clear={text.clearSearch}
        inputRef={input}
        value={typed ?? asked}
        onFocus={() => { setTyped(asked); }}
        onBlur={() => { if (isCatalog || typed === "") setTyped(null); }}
        onChange={(q) => { setTyped(q); if (isCatalog) go(q); }}
        onSubmit={go}
      />
    </div>
  );
}
