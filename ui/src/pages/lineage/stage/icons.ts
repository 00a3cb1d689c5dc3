// The few icons of cards, drawn by hand on a grid of 16: cards are no React components.
const NAMESPACE = "http://www.w3.org/2000/svg";

const PATHS = {
  dataset: "M3 4c0-1.4 2.2-2 5-2s5 .6 5 2-2.2 2-5 2-5-.6-5-2v8c0 1.4 2.2 2 5 2s5-.6 5-2V4M3 8c0 1.4 2.2 2 5 2s5-.6 5-2",
  job: "M2 2h5v5H2zM9 9h5v5H9zM4.5 7v3a1.5 1.5 0 0 0 1.5 1.5h3",
  run: "M5 3l7 5-7 5z",
  hidden: "M2 8s2.2-4 6-4 6 4 6 4-2.2 4-6 4-6-4-6-4M3 14L13 2",
  group: "M2 5h5l1.5 2H14v6H2zM2 5V3h4l1 2",
} as const;

/** Makes an icon; `show` changes what it shows. */
export function makeIcon(): { element: SVGElement; show: (kind: keyof typeof PATHS) => void } {
  const element = document.createElementNS(NAMESPACE, "svg");
  const path = document.createElementNS(NAMESPACE, "path");
  for (const [name, value] of Object.entries({ viewBox: "0 0 16 16", width: "16", height: "16", fill: "none", stroke: "currentColor", "stroke-width": "1.4", "aria-hidden": "true" })) element.setAttribute(name, value);
  element.append(path);
  return { element, show: (kind) => { path.setAttribute("d", PATHS[kind]); } };
}
