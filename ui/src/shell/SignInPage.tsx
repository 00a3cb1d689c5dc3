// The page to sign in at, shown at whatever address somebody came to; afterwards they are where they wanted to be.
import { type JSX, useEffect } from "react";
import type { Problem } from "#/api";
import { useText } from "#/text/messages";
import { signInText } from "./messages";
import { SignInForm } from "./SignInForm";
import { Mark } from "./Mark";
import styles from "./SignIn.module.css";

/** The page. */
export default function SignInPage({ problem }: { problem?: Problem | undefined }): JSX.Element {
  const text = useText(signInText);
  useEffect(() => { document.title = text.title; }, [text.title]);
  return (
    <main className={styles["page"]}>
      <div className={styles["card"]}>
        <header><Mark size={28} /><h1>{text.title}</h1></header>
        <p className={styles["lead"]}>{text.lead}</p>
        <SignInForm problem={problem} />
      </div>
    </main>
  );
}
