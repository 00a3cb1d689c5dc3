// Starts the UI.
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { type JSX, StrictMode, useEffect } from "react";
import { I18nProvider, RouterProvider as AriaRouter } from "react-aria-components";
import { createRoot } from "react-dom/client";
import { loadSession, makeQueryClient, signInByLink } from "#/api";
import "#/design/tokens.css";
import "#/design/base.css";
import { applyAppearance } from "#/design/appearance";
import { tagOf, useLocale } from "#/text/locale";
import { takeCode } from "#/shell/link_code";
import { router } from "./router";

const queries = makeQueryClient();

function App(): JSX.Element {
  const tag = tagOf(useLocale());
  useEffect(() => { document.documentElement.lang = tag; }, [tag]);
  return (
    <I18nProvider locale={tag}>
      <AriaRouter navigate={(path) => { void router.navigate({ href: path }); }}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </AriaRouter>
    </I18nProvider>
  );
}

applyAppearance();
const code = takeCode();
void (code === null ? loadSession() : signInByLink(code));
const root = document.getElementById("root");
if (root) createRoot(root).render(<StrictMode><App /></StrictMode>);
