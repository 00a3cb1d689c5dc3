// The view state of a job's page.
import { text, view } from "#/base/view";

/** Which page of the runs, and of the events. */
export const jobView = view({ after: text() });
