// The keyboard map: every command that has keys, as they are registered now, and the switch for single keys.
import { type JSX, useSyncExternalStore } from "react";
import { singleKeys, useAllCommands } from "#/commands/commands";
import { shownKeys } from "#/commands/keys";
import { Keys } from "#/design/Bits";
import { Switch } from "#/design/Field";
import { Dialog } from "#/design/Overlay";
import { useText } from "#/text/messages";
import { shell } from "./messages";
import styles from "./Help.module.css";

/** The dialog. */
export default function Help({ onClose }: { onClose: () => void }): JSX.Element {
  const text = useText(shell);
  const commands = useAllCommands().filter((command) => command.keys !== undefined);
  const groups = [...new Set(commands.map((command) => command.group))];
  const isOn = useSyncExternalStore(singleKeys.watch, singleKeys.get) === "on";
  return (
    <Dialog title={text.help} isOpen onClose={onClose} size="medium">
      <div>
        <Switch isSelected={isOn} onChange={(on) => { singleKeys.set(on ? "on" : "off"); }}>{text.singleKeys}</Switch>
        <p className={styles["why"]}>{text.singleKeysWhy}</p>
      </div>
      <div className={styles["groups"]}>
        {groups.map((group) => (
          <section key={group} aria-label={group}>
            <h3>{group}</h3>
            <dl>
              {commands.filter((command) => command.group === group).map((command) => (
                <div key={command.id}><dt>{command.label}</dt><dd><Keys keys={shownKeys(command.keys ?? "")} /></dd></div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
