// How many records there were over time, by how they ended. Times are chosen by dragging, or from the keyboard.
import { useQuery } from "@tanstack/react-query";
import { type JSX, type KeyboardEvent, type PointerEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { askKeeping } from "#/api";
import { serverNow } from "#/base/clock";
import { Loaded } from "#/parts/Loaded";
import { type Format, useFormat } from "#/text/format";
import { useText } from "#/text/messages";
import styles from "./Audit.module.css";
import { type Bucket, bucketsOf, type Span, spanOf, timesOf, type Width } from "./buckets";
import { askedOf, type Filter, OUTCOMES } from "./filter";
import { audit } from "./messages";

const HEIGHT = 72;
const GAP = 1;
const MINUTE = 60_000;

interface HistogramProps {
  filter: Filter;
  onChoose: (times: { from: string; until: string }) => void;
}

/** The histogram. */
export function Histogram({ filter, onChoose }: HistogramProps): JSX.Element {
  const text = useText(audit);
  const { from, until } = filter;
  // "Now" moves by minutes, so that the same question is asked for a while.
  const [now] = useState(() => Math.ceil(serverNow() / MINUTE) * MINUTE);
  const span = useMemo(() => spanOf({ from, until }, now), [from, until, now]);
  const asked = { ...askedOf(filter), from: new Date(span.from).toISOString(), until: new Date(span.until).toISOString(), by: span.by };
  const query = useQuery(askKeeping("GET /api/v1/audit/histogram", { query: asked }));
  return (
    <section className={styles["chart"]} aria-label={text.histogram}>
      <Loaded query={query} lines={3}>
        {({ items }) => <Bars buckets={bucketsOf(span, items)} span={span} onChoose={onChoose} />}
      </Loaded>
    </section>
  );
}

function useWidth(): [React.RefObject<HTMLDivElement | null>, number] {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(600);
  useEffect(() => {
    if (box.current === null || typeof ResizeObserver === "undefined") return undefined;
    const observer = new ResizeObserver(([entry]) => { if (entry) setWidth(Math.max(1, entry.contentRect.width)); });
    observer.observe(box.current);
    return () => { observer.disconnect(); };
  }, []);
  return [box, width];
}

/** What a bucket holds, in words. */
function useWords(by: Width): (bucket: Bucket) => string {
  const text = useText(audit);
  const format = useFormat();
  return ({ at, counts }) => {
    const parts = OUTCOMES.filter((outcome) => (counts[outcome] ?? 0) > 0).map((outcome) => `${format.number(counts[outcome] ?? 0)} ${text[outcome]}`);
    return text.bucket(whenOf(format, by, at), parts.join(", ") || text.nothing);
  };
}

function whenOf(format: Format, by: Width, at: number): string {
  return by === "day" ? format.date(new Date(at)) : format.dateTime(new Date(at));
}

type Range = readonly [number, number];

function Bars({ buckets, span, onChoose }: { buckets: readonly Bucket[]; span: Span; onChoose: HistogramProps["onChoose"] }): JSX.Element {
  const text = useText(audit);
  const format = useFormat();
  const words = useWords(span.by);
  const [box, width] = useWidth();
  const [chosen, setChosen] = useState<Range | null>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const last = buckets.length - 1;
  const take = (range: Range): void => { setChosen(null); onChoose(timesOf(buckets, span.by, range)); };
  const placeOf = (event: PointerEvent): number => {
    const { left } = event.currentTarget.getBoundingClientRect();
    return Math.min(last, Math.max(0, Math.floor(((event.clientX - left) / width) * buckets.length)));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = cursor ?? last;
    const places: Record<string, number> = { ArrowLeft: at - 1, ArrowRight: at + 1, PageUp: at - 24, PageDown: at + 24, Home: 0, End: last };
    const to = places[event.key];
    if (to !== undefined) {
      const place = Math.min(last, Math.max(0, to));
      setCursor(place);
      setChosen(event.shiftKey ? [chosen?.[0] ?? at, place] : null);
    } else if (event.key === "Enter" || event.key === " ") {
      take(chosen ?? [at, at]);
    } else if (event.key === "Escape" && chosen !== null) {
      setChosen(null);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const shown = buckets[cursor ?? -1];
  const selected = chosen === null ? null : timesOf(buckets, span.by, chosen);
  const said = selected ? text.chosen(format.dateTime(selected.from), format.dateTime(selected.until)) : shown ? words(shown) : text.histogramHelp;
  return (
    <>
      <div className={styles["chartHead"]}>
        <Legend buckets={buckets} />
        <span>{span.isCut && `${text.cutSpan} `}{said}</span>
      </div>
      <div
        ref={box}
        className={styles["plot"]}
        role="slider"
        tabIndex={0}
        aria-label={`${text.histogram}, ${span.by === "day" ? text.byDay : text.byHour}. ${text.histogramHelp}`}
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={cursor ?? last}
        aria-valuetext={selected ? said : words(buckets[cursor ?? last] ?? { at: span.from, counts: {}, total: 0 })}
        onKeyDown={onKeyDown}
        onBlur={() => { setCursor(null); setChosen(null); }}
        onPointerDown={(event) => { event.currentTarget.setPointerCapture(event.pointerId); const place = placeOf(event); setChosen([place, place]); }}
        onPointerMove={(event) => { const place = placeOf(event); setCursor(place); if (chosen !== null) setChosen([chosen[0], place]); }}
        onPointerUp={() => { if (chosen !== null) take(chosen); }}
        onPointerCancel={() => { setChosen(null); }}
        onPointerLeave={() => { if (chosen === null) setCursor(null); }}
      >
        <Drawing buckets={buckets} width={width} chosen={chosen} cursor={cursor} />
      </div>
      <div className={styles["axis"]} aria-hidden>
        <span>{whenOf(format, span.by, buckets[0]?.at ?? span.from)}</span>
        <span>{whenOf(format, span.by, span.until)}</span>
      </div>
    </>
  );
}

function Drawing({ buckets, width, chosen, cursor }: { buckets: readonly Bucket[]; width: number; chosen: Range | null; cursor: number | null }): JSX.Element {
  const hatch = useId();
  const most = Math.max(1, ...buckets.map((bucket) => bucket.total));
  const step = width / buckets.length;
  const bar = Math.max(1, step - (step > 3 ? GAP : 0));
  const band = (range: Range): { x: number; width: number } => ({ x: Math.min(...range) * step, width: (Math.abs(range[1] - range[0]) + 1) * step });
  return (
    <svg viewBox={`0 0 ${width} ${HEIGHT}`} aria-hidden>
      <defs>
        <pattern id={hatch} width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="4" className={styles["hatch"]} /></pattern>
      </defs>
      {chosen && <rect {...band(chosen)} y={0} height={HEIGHT} className={styles["brush"]} />}
      {buckets.map((bucket, place) => {
        let top = HEIGHT - 1;
        return OUTCOMES.map((outcome) => {
          const count = bucket.counts[outcome] ?? 0;
          if (count === 0) return null;
          const height = Math.max(2, (count / most) * (HEIGHT - 6));
          top -= height;
          const sizes = { x: place * step, y: Math.max(0, top), width: bar, height };
          return (
            <g key={`${bucket.at} ${outcome}`}>
              <rect {...sizes} className={styles[outcome]} />
              {outcome === "denied" && <rect {...sizes} fill={`url(#${hatch})`} />}
            </g>
          );
        });
      })}
      <line x1={0} x2={width} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} className={styles["baseline"]} />
      {cursor !== null && <rect x={cursor * step} width={Math.max(step, 2)} y={0.5} height={HEIGHT - 1} className={styles["cursor"]} />}
    </svg>
  );
}

function Legend({ buckets }: { buckets: readonly Bucket[] }): JSX.Element {
  const text = useText(audit);
  const format = useFormat();
  const sums = OUTCOMES.map((outcome) => ({ outcome, sum: buckets.reduce((all, bucket) => all + (bucket.counts[outcome] ?? 0), 0) }));
  return (
    <ul className={styles["legend"]}>
      {sums.filter(({ sum }) => sum > 0).map(({ outcome, sum }) => (
        <li key={outcome}><svg className={styles["swatch"]} viewBox="0 0 10 10" aria-hidden><rect width="10" height="10" className={styles[outcome]} /></svg>{format.number(sum)} {text[outcome]}</li>
      ))}
    </ul>
  );
}
