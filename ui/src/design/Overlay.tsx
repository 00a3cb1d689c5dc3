// What lies over the page: menus, dialogs, popovers. Escape closes the topmost; focus goes back to where it was.
import { X } from "lucide-react";
import type { JSX, ReactNode } from "react";
import * as Aria from "react-aria-components";
import { useText } from "#/text/messages";
import { IconButton } from "./Button";
import { classes } from "./classes";
import { kit } from "./messages";
import styles from "./Overlay.module.css";

/** A menu behind a button. */
export function Menu({ button, children, onAction, placement }: { button: JSX.Element; children: ReactNode; onAction?: (key: Aria.Key) => void; placement?: "bottom start" | "bottom end" }): JSX.Element {
  return (
    <Aria.MenuTrigger>
      {button}
      <Aria.Popover className={styles["popover"] ?? ""} placement={placement ?? "bottom end"} offset={4}>
        <Aria.Menu className={styles["menu"] ?? ""} {...(onAction ? { onAction } : {})}>{children}</Aria.Menu>
      </Aria.Popover>
    </Aria.MenuTrigger>
  );
}

/** An entry of a menu. */
export function MenuItem({ children, isDangerous, ...rest }: Omit<Aria.MenuItemProps, "children" | "className"> & { children: ReactNode; isDangerous?: boolean }): JSX.Element {
  return <Aria.MenuItem {...rest} className={classes(styles["item"], isDangerous && styles["dangerous"])}>{children}</Aria.MenuItem>;
}

/** Entries of a menu under a heading; with a selection they are a choice. */
export function MenuGroup<T extends string>({ heading, value, onChange, options }: { heading: string; value: T; onChange: (value: T) => void; options: readonly { id: T; label: string }[] }): JSX.Element {
  const changed = (keys: Aria.Selection): void => {
    const option = options.find((one) => keys !== "all" && keys.has(one.id));
    if (option) onChange(option.id);
  };
  return (
    <Aria.MenuSection selectionMode="single" disallowEmptySelection selectedKeys={[value]} onSelectionChange={changed}>
      <Aria.Header className={styles["heading"] ?? ""}>{heading}</Aria.Header>
      {options.map((option) => <Aria.MenuItem key={option.id} id={option.id} className={styles["item"] ?? ""}>{option.label}</Aria.MenuItem>)}
    </Aria.MenuSection>
  );
}

/** A line between entries of a menu. */
export const MenuLine = (): JSX.Element => <Aria.Separator className={styles["line"] ?? ""} />;

interface DialogProps {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  /** What may be done, right below. */
  actions?: ReactNode;
  /** Whether it stays until something in it is chosen. */
  isStrict?: boolean;
  size?: "small" | "medium" | "large";
}

/** A dialog. */
export function Dialog({ title, isOpen, onClose, children, actions, isStrict, size = "small" }: DialogProps): JSX.Element {
  const text = useText(kit);
  return (
    <Aria.ModalOverlay isOpen={isOpen} onOpenChange={(open) => { if (!open) onClose(); }} isDismissable={!isStrict} isKeyboardDismissDisabled={isStrict ?? false} className={styles["shade"] ?? ""}>
      <Aria.Modal className={classes(styles["modal"], styles[size])}>
        <Aria.Dialog className={styles["dialog"] ?? ""} role={isStrict ? "alertdialog" : "dialog"}>
          <header className={styles["head"]}>
            <Aria.Heading slot="title">{title}</Aria.Heading>
            {!isStrict && <IconButton icon={X} label={text.close} onPress={onClose} />}
          </header>
          <div className={styles["body"]}>{children}</div>
          {actions && <footer className={styles["foot"]}>{actions}</footer>}
        </Aria.Dialog>
      </Aria.Modal>
    </Aria.ModalOverlay>
  );
}
