// The tabs of a dataset's page.
import { lazy, type ReactNode, Suspense } from "react";
import type { Tab } from "#/design/Tabs";
import { Skeleton } from "#/design/State";
import type { Dataset, TabProps } from "./dataset";
import type { DatasetText } from "./messages";
import { Overview } from "./Overview";

/** Their ids, as the URL has them. */
export const TABS = ["overview", "schema", "lineage", "quality", "access", "versions", "raw"] as const;
export type TabId = (typeof TABS)[number];

const later = {
  schema: lazy(async () => ({ default: (await import("./SchemaTab")).SchemaTab })),
  lineage: lazy(async () => ({ default: (await import("./LineageTab")).LineageTab })),
  quality: lazy(async () => ({ default: (await import("./QualityTab")).QualityTab })),
  access: lazy(async () => ({ default: (await import("./AccessTab")).AccessTab })),
  versions: lazy(async () => ({ default: (await import("./VersionsTab")).VersionsTab })),
  raw: lazy(async () => ({ default: (await import("./RawTab")).RawTab })),
};

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
