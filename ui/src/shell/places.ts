// The places of the rail, in its order, with the keys that lead there.
import { BookLock, Database, Eraser, House, Hourglass, type LucideIcon, ScrollText, Settings, Waypoints, Warehouse } from "lucide-react";

/** A place. `text` is its message; */
export interface Place {
  to: "/" | "/catalog" | "/lineage" | "/audit" | "/policies" | "/admin/{-$section}" | "/privacy/requests" | "/privacy/retention" | "/stores";
  text: "home" | "catalog" | "lineage" | "audit" | "policies" | "admin" | "erasure" | "retention" | "stores";
  icon: LucideIcon;
  keys?: string;
}

/** The rail, in groups. */
export const PLACES: readonly (readonly Place[])[] = [
  [
    { to: "/", text: "home", icon: House, keys: "g h" },
    { to: "/catalog", text: "catalog", icon: Database, keys: "g c" },
    { to: "/lineage", text: "lineage", icon: Waypoints, keys: "g l" },
  ],
  [
    { to: "/privacy/requests", text: "erasure", icon: Eraser, keys: "g e" },
    { to: "/privacy/retention", text: "retention", icon: Hourglass },
  ],
  [
    { to: "/audit", text: "audit", icon: ScrollText, keys: "g a" },
    { to: "/policies", text: "policies", icon: BookLock, keys: "g p" },
  ],
  [
    { to: "/stores", text: "stores", icon: Warehouse },
    { to: "/admin/{-$section}", text: "admin", icon: Settings },
  ],
];
