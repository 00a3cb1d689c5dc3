// The view state of a dataset's page, as its address holds it: one for all its tabs.
import { choice, flag, moment, text, view } from "#/base/view";

/** What of the dataset is shown, and how. */
export const datasetView = view({
  // Schema: what columns are filtered by, and which one is open.
  find: text(),
  personal: flag(),
  order: choice(["position", "name", "type"], "position"),
  column: text(),
  // Access: since how many days, and whether readers of what was derived count too.
  days: choice(["7", "30", "90", "365"], "30"),
  downstream: flag(),
  // Versions: which schema, compared with which, by the times they were first seen at.
  version: moment(),
  against: moment(),
  // Raw: events of which job (by id) instead of the dataset's own.
  job: text(),
  after: text(),
});

/** The view state, as the page has it. */
export type DatasetView = typeof datasetView.defaults;
