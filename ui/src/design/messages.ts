// What the kit itself says.
import { defineMessages } from "#/text/messages";

export const kit = defineMessages({
  en: {
    close: "Close",
    copy: "Copy",
    copied: "Copied",
    loading: "Loading",
    stillLoading: (seconds: number) => `Still loading, ${seconds} s`,
    cancel: "Cancel",
    dismiss: "Dismiss",
    notices: "Notices",
    sortedBy: "sorted",
    suggestions: "Suggestions",
  },
  de: {
    close: "Schließen",
    copy: "Kopieren",
    copied: "Kopiert",
    loading: "Wird geladen",
    stillLoading: (seconds) => `Lädt noch, seit ${seconds} s`,
    cancel: "Abbrechen",
    dismiss: "Ausblenden",
    notices: "Hinweise",
    sortedBy: "sortiert",
    suggestions: "Vorschläge",
  },
});
