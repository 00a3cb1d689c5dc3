// The root of all routes. Rooms of pages hang their routes on it; app/ gives it its frame.
import { createRootRoute } from "@tanstack/react-router";

/** The root. */
export const rootRoute = createRootRoute();
