// Links that look like buttons, and links to datasets, jobs and runs by what they are called.
import { createLink, Link } from "@tanstack/react-router";
import type { ComponentPropsWithRef, JSX, ReactNode } from "react";
import { classes } from "#/design/classes";
import buttons from "#/design/Button.module.css";

type Look = ComponentPropsWithRef<"a"> & { variant?: "primary" | "secondary" };

function Anchor({ variant = "secondary", className, children, ...rest }: Look): JSX.Element {
  return <a {...rest} className={classes(buttons["button"], buttons[variant], className)}>{children}</a>;
}

/** A link of the router that looks like a button. */
export const LinkButton = createLink(Anchor);

interface Named {
  kind: string;
  namespace: string;
  name: string;
  children: ReactNode;
  className?: string | undefined;
}

/** A link to a dataset or a job. */
export function EntityLink({ kind, namespace, name, children, className }: Named): JSX.Element {
  const look = className === undefined ? {} : { className };
  return kind.toLowerCase() === "job"
    ? <Link to="/jobs/$namespace/$name/{-$tab}" params={{ namespace, name }} {...look}>{children}</Link>
    : <Link to="/datasets/$namespace/$name/{-$tab}" params={{ namespace, name }} {...look}>{children}</Link>;
}
