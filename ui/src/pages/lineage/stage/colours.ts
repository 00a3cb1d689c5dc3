// The tokens as colours that a canvas takes: read from the page, and read again when the theme changes.

/** Colours, and the font. */
export interface Colours {
  surface0: string;
  surface1: string;
  surface2: string;
  edge: string;
  text: string;
  muted: string;
  accent: string;
  ok: string;
  danger: string;
  flow: string;
  flowBack: string;
  font: string;
}

/** Reads them. `tone` is that of the tag laid over the graph. */
export function readColours(probe: HTMLElement, tone: "pii" | "special" | "plain"): Colours {
  const read = (token: string): string => {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe).color;
  };
  const [flow, flowBack] = tone === "plain" ? ["accent", "info-bg"] as const : [tone, `${tone}-bg`] as const;
  return {
    surface0: read("surface-0"), surface1: read("surface-1"), surface2: read("surface-2"), edge: read("border-strong"), text: read("text"), muted: read("muted"),
    accent: read("accent"), ok: read("ok"), danger: read("danger"), flow: read(flow), flowBack: read(flowBack),
    font: getComputedStyle(probe).fontFamily,
  };
}

const MEDIA = ["(prefers-color-scheme: dark)", "(prefers-contrast: more)", "(forced-colors: active)"];

/** Calls back whenever colours may have changed. Returns how to stop. */
export function onColours(call: () => void): () => void {
  const observer = new MutationObserver(call);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  const queries = MEDIA.map((query) => matchMedia(query));
  queries.forEach((query) => { query.addEventListener("change", call); });
  return () => {
    observer.disconnect();
    queries.forEach((query) => { query.removeEventListener("change", call); });
  };
}
