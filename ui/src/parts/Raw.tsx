// What was sent, as it came: facets by name, and events. What is closed is not drawn.
import { type JSX, useState } from "react";
import type { Api } from "#/api";
import { When } from "#/design/Bits";
import { Chip, runTone } from "#/design/Chip";
import { JsonView } from "./JsonView";
import styles from "./Raw.module.css";

/** Facets by name; `none` is said if there are none. */
export function FacetList({ facets, none }: { facets: Record<string, Record<string, unknown>>; none: string }): JSX.Element {
  const entries = Object.entries(facets);
  if (entries.length === 0) return <p className={styles["none"]}>{none}</p>;
  return <ul>{entries.map(([name, facet]) => <li key={name} className={styles["one"]}><Opened head={<code>{name}</code>} value={facet} label={name} /></li>)}</ul>;
}

/** Events; `none` is said if there are none. */
export function EventList({ events, none }: { events: readonly Api.EventEntry[]; none: string }): JSX.Element {
  if (events.length === 0) return <p className={styles["none"]}>{none}</p>;
  return <ul>{events.map((event) => <li key={event.id} className={styles["one"]}><Opened head={<Head event={event} />} value={event.event} label={event.id} /></li>)}</ul>;
}

function Head({ event }: { event: Api.EventEntry }): JSX.Element {
  const type = typeof event.event["eventType"] === "string" ? event.event["eventType"] : event.kind;
  return <span className={styles["head"]}><Chip tone={runTone(type)}>{type}</Chip><When at={event.eventTime} isExact /><code className={styles["id"]}>{event.id}</code></span>;
}

function Opened({ head, value, label }: { head: JSX.Element; value: unknown; label: string }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  return (
    <details open={isOpen} onToggle={(event) => { setOpen(event.currentTarget.open); }}>
      <summary>{head}</summary>
      {isOpen && <JsonView value={value} label={label} />}
    </details>
  );
}
