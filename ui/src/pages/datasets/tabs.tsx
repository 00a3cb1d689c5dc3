// The tabs of a dataset's page.
import { type ReactNode, Suspense } from "react";
import type { Tab } from "#/design/Tabs";
import { Skeleton } from "#/design/State";
import { lazyPage } from "#/parts/lazy_page";
import type { Dataset, TabProps } from "./dataset";
import type { DatasetText } from "./messages";
import { Overview } from "./Overview";

/** Their ids, as the URL has them. */
export const TABS = ["overview", "schema", "lineage", "quality", "access", "versions", "raw"] as const;
export type TabId = (typeof TABS)[number];

const later = {
  schema: lazyPage(() => import("./SchemaTab"), "SchemaTab"),
  lineage: lazyPage(() => import("./LineageTab"), "LineageTab"),
  quality: lazyPage(() => import("./QualityTab"), "QualityTab"),
  access: lazyPage(() => import("./AccessTab"), "AccessTab"),
  versions: lazyPage(() => import("./VersionsTab"), "VersionsTab"),
  raw: lazyPage(() => import("./RawTab"), "RawTab"),
};

/** Returns the tab that an address names. */
export const tabNamed = (name: string | undefined): TabId => TABS.find((one) => one === name) ?? "overview";

/** Loads a tab while the dataset is asked for. */
export function preloadTab(id: TabId): void {
  if (id !== "overview") void later[id].preload();
}

function panelOf(id: TabId, props: TabProps): ReactNode {
  if (id === "overview") return <Overview {...props} />;
  const Panel = later[id];
  return <Suspense fallback={<Skeleton />}><Panel {...props} /></Suspense>;
}

/** The tabs of a dataset. */
export function tabsOf(dataset: Dataset, text: DatasetText, number: (value: number) => string): Tab<TabId>[] {
  const counts: Partial<Record<TabId, string>> = { schema: number(dataset.columns.length) };
  return TABS.map((id) => ({ id, label: text[id], count: counts[id], panel: () => panelOf(id, { dataset }) }));
}
