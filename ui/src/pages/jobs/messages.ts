// What this room's pages say.
import { defineMessages } from "#/text/messages";

export const jobs = defineMessages({
  en: { title: "Jobs and runs" },
  de: { title: "Jobs und Läufe" },
});
