// The address of the sign-in page. Whoever is signed in already goes on to the start page; the shell shows the form
// to whoever is not, at any address.
import { createRoute, redirect } from "@tanstack/react-router";
import { rootRoute } from "#/routing/root";
import { Waiting } from "./Waiting";

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  beforeLoad: () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- the router takes redirects as thrown
    throw redirect({ to: "/", replace: true });
  },
  component: Waiting,
});
