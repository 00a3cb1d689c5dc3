// Tabs inside a page whose state is kept by the caller (in the URL, as every view state).
import type { JSX, ReactNode } from "react";
import * as Aria from "react-aria-components";
import styles from "./Tabs.module.css";
import { useCentred } from "./use_centred";

/** One tab. */
export interface Tab<T extends string> {
  id: T;
  label: string;
  /** A figure beside the label. */
  count?: string | undefined;
  panel: () => ReactNode;
}

/** Tabs; only the panel that is shown is made. */
export function Tabs<T extends string>({ label, tabs, value, onChange }: { label: string; tabs: readonly Tab<T>[]; value: T; onChange: (value: T) => void }): JSX.Element {
  const list = useCentred<HTMLDivElement>(value, "[aria-selected=true]");
  const changed = (key: Aria.Key): void => {
    const tab = tabs.find((one) => one.id === key);
    if (tab) onChange(tab.id);
  };
  return (
    <Aria.Tabs selectedKey={value} onSelectionChange={changed} keyboardActivation="manual" className={styles["tabs"] ?? ""}>
      <Aria.TabList ref={list} aria-label={label} className={styles["list"] ?? ""}>
        {tabs.map((tab) => (
          <Aria.Tab key={tab.id} id={tab.id} className={styles["tab"] ?? ""}>
            {tab.label}
            {tab.count !== undefined && <span className={styles["count"]}>{tab.count}</span>}
          </Aria.Tab>
        ))}
      </Aria.TabList>
      {tabs.map((tab) => <Aria.TabPanel key={tab.id} id={tab.id} className={styles["panel"] ?? ""}>{tab.id === value && tab.panel()}</Aria.TabPanel>)}
    </Aria.Tabs>
  );
}
