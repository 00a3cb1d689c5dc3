// Buttons: with a word, or with an icon and a name that is told on hover and to screen readers.
import type { LucideIcon } from "lucide-react";
import type { JSX, ReactNode } from "react";
import { Button as AriaButton, type ButtonProps, Tooltip, TooltipTrigger } from "react-aria-components";
import styles from "./Button.module.css";
import { classes } from "./classes";

interface Look {
  variant?: "primary" | "secondary" | "quiet" | "danger";
  icon?: LucideIcon;
}

/** A button with a word. While `isPending` it stays focused and does nothing. */
export function Button({ variant = "secondary", icon: Icon, children, className, ...rest }: Omit<ButtonProps, "children" | "className"> & Look & { children: ReactNode; className?: string | undefined }): JSX.Element {
  return (
    <AriaButton {...rest} className={classes(styles["button"], styles[variant], className)}>
      {Icon && <Icon size={16} aria-hidden />}
      {children}
    </AriaButton>
  );
}

/** A button that is only an icon. Its name is its label. */
export function IconButton({ icon: Icon, label, variant = "quiet", keys, ...rest }: Omit<ButtonProps, "children" | "className"> & Look & { icon: LucideIcon; label: string; keys?: string }): JSX.Element {
  return (
    <TooltipTrigger delay={400}>
      <AriaButton {...rest} aria-label={label} className={classes(styles["button"], styles["icon"], styles[variant])}>
        <Icon size={16} aria-hidden />
      </AriaButton>
      <Tooltip className={styles["tip"] ?? ""} offset={6}>
        {label}
        {keys && <kbd>{keys}</kbd>}
      </Tooltip>
    </TooltipTrigger>
  );
}
