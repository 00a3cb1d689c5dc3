// The view state of the start page. `connect` shows how to connect a pipeline also where there are some already.
import { flag, view } from "#/base/view";

/** The start page's view state. */
export const homeView = view({ connect: flag() });
