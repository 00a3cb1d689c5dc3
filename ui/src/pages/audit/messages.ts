// What this room's pages say.
import { defineMessages } from "#/text/messages";

export const audit = defineMessages({
  en: { title: "Audit" },
  de: { title: "Prüfprotokoll" },
});
