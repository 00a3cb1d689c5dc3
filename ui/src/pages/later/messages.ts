// What this room's pages say.
import { defineMessages } from "#/text/messages";

export const later = defineMessages({
  en: { erasure: "Erasure", retention: "Retention", stores: "Stores" },
  de: { erasure: "Löschung", retention: "Aufbewahrung", stores: "Speicher" },
});
