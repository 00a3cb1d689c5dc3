// What this room's pages say.
import { defineMessages } from "#/text/messages";

export const policies = defineMessages({
  en: { title: "Policies" },
  de: { title: "Richtlinien" },
});
