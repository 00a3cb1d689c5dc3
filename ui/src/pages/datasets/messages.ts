// What this room's pages say.
import { defineMessages } from "#/text/messages";

export const datasets = defineMessages({
  en: { title: "Dataset" },
  de: { title: "Datensatz" },
});
