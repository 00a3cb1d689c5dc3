// What this room's pages say.
import { defineMessages } from "#/text/messages";

export const admin = defineMessages({
  en: { title: "Administration" },
  de: { title: "Verwaltung" },
});
