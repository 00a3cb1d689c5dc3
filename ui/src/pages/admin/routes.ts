// Where administration lives: a section each for people, groups, programs, roles, keys, feeds, refused events and the system; and
// everybody's own account. People are named by their ids, as addresses hold no personal data.
import { createRoute } from "@tanstack/react-router";
import { lazyPage } from "#/parts/lazy_page";
import { rootRoute } from "#/routing/root";
import { sectionView } from "./view";

const section = { validateSearch: sectionView.read, search: { middlewares: [sectionView.strip] } };
export const adminRoutes = [
  createRoute({ getParentRoute: () => rootRoute, path: "/admin/{-$section}", ...section, component: lazyPage(() => import("./AdminPage"), "AdminPage") }),
  createRoute({ getParentRoute: () => rootRoute, path: "/admin/users/$id", ...section, component: lazyPage(() => import("./UserPage"), "UserPage") }),
  createRoute({ getParentRoute: () => rootRoute, path: "/admin/groups/$name", ...section, component: lazyPage(() => import("./GroupPage"), "GroupPage") }),
  createRoute({ getParentRoute: () => rootRoute, path: "/admin/service-accounts/$name", ...section, component: lazyPage(() => import("./ServicePage"), "ServicePage") }),
  createRoute({ getParentRoute: () => rootRoute, path: "/admin/dead-letters/$id", component: lazyPage(() => import("./DeadLetterPage"), "DeadLetterPage") }),
  createRoute({ getParentRoute: () => rootRoute, path: "/account", ...section, component: lazyPage(() => import("./AccountPage"), "AccountPage") }),
] as const;
