// What this room's pages say.
import { defineMessages } from "#/text/messages";

export const lineage = defineMessages({
  en: { title: "Lineage" },
  de: { title: "Herkunft" },
});
