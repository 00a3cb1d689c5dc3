// Measures the lineage explorer in headless Chromium: the built UI (dist/) as it is, with a made-up answer of 5,000 nodes
// and 7,500 edges in place of the server's. node scripts/bench-lineage.mjs [NODES] [EDGES]; fails above a bound.
import { createServer } from "node:http";
import { spawn } from "node:child_process";
import { chromium } from "playwright-core";

const [nodeCount = 5000, edgeCount = 7500] = process.argv.slice(2).map(Number);
const BOUNDS = { "ready after the answer, ms": 1000, "pan, p95 of a frame, ms": 34, "pan over all, p95 of a frame, ms": 34, "hover, ms": 50, "expand, ms": 300 };
const LAYERS = 12;

/** Numbers that look random and are the same each time. */
let seed = 7;
const random = () => { seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648; return seed / 2_147_483_648; };
const idOf = (place) => `00000000-0000-4000-8000-${String(place).padStart(12, "0")}`;

function answer(count, edgesWanted, first = 0) {
  const rows = Math.ceil(count / LAYERS);
  const middle = Math.floor(LAYERS / 2) * rows + Math.floor(rows / 2);
  const nodes = [];
  const boxes = [];
  for (let place = 0; place < count; place += 1) {
    const layer = Math.floor(place / rows);
    nodes.push({ kind: "dataset", id: idOf(first + place), namespace: `postgres://db${place % 9}:5432`, name: `shop.layer${layer}.table_${first + place}`, hops: place === middle ? 0 : layer - 6 || 1, deleted: false, aliases: [], fields: [], whole: null, moreUp: 0, moreDown: place === middle ? 20 : 0, hidden: null });
    boxes.push({ x: layer * 330, y: (place % rows) * 62, w: 240, h: 44, layer });
  }
  const edges = [];
  const routes = [];
  const seen = { first: "2026-11-01T00:00:00Z", last: "2026-11-20T00:00:00Z", runs: 3 };
  while (edges.length < edgesWanted) {
    const source = Math.floor(random() * (count - rows));
    const target = Math.min(count - 1, (Math.floor(source / rows) + 1) * rows + Math.min(rows - 1, Math.max(0, (source % rows) + Math.floor((random() - 0.5) * 12))));
    const [from, to] = [boxes[source], boxes[target]];
    edges.push({ source, target, sourceField: null, targetField: null, kind: "flow", carry: edges.length % 9 ? "direct" : "masked", origin: edges.length % 5 ? "observed" : "inferred", seen, current: true, jobs: [{ namespace: "etl", name: `load_${target}`, id: idOf(900_000 + target) }], hiddenJobs: 0, transformations: [] });
    routes.push({ points: [[from.x + from.w, from.y + 22], [to.x, to.y + 22]], back: false });
  }
  return { nodes, edges, truncated: { depth: false, nodes: false, work: false, leftOut: 0, beyond: 0 }, layout: { nodes: boxes, edges: routes, width: LAYERS * 330, height: rows * 62 }, position: 1 };
}

const whole = answer(nodeCount, edgeCount);
const focus = whole.nodes.find((node) => node.hops === 0);
const around = answer(21, 0, 800_000);
around.nodes[0] = { ...focus, moreDown: 0 };
around.nodes.forEach((node, place) => { node.hops = place === 0 ? 0 : 1; });
around.edges = around.nodes.slice(1).map((_, place) => ({ ...whole.edges[0], source: 0, target: place + 1 }));
around.layout.edges = around.edges.map(() => ({ points: [], back: false }));
const texts = { whole: JSON.stringify(whole), around: JSON.stringify(around) };

const api = createServer((asked, told) => {
  const url = new URL(asked.url, "http://x");
  const json = (text) => told.writeHead(200, { "content-type": "application/json" }).end(text);
  if (url.pathname === "/api/v1/session") json(JSON.stringify({ me: { name: "bench", kind: "user", auth: "session", groups: [], roles: [], acts: [], actsOnOwn: [] }, id: "1", csrfToken: "t" }));
  else if (url.pathname === "/api/v1/lineage/graph") json(url.searchParams.get("focus").endsWith(focus.id) ? texts.around : texts.whole);
  else if (url.pathname === "/readyz") json(JSON.stringify({ ready: true, followers: [] }));
  else if (url.pathname === "/api/v1/catalog/search") json(JSON.stringify({ hits: [], total: 0, exact: true, mended: false, facets: [], next: null, position: 1 }));
  else told.writeHead(404, { "content-type": "application/json" }).end("{}");
}).listen(0, "127.0.0.1");
await new Promise((done) => { api.once("listening", done); });
const port = 18_000 + (process.pid % 1000);
const serve = spawn(process.execPath, [new URL("serve.mjs", import.meta.url).pathname], { env: { ...process.env, LETHE: `http://127.0.0.1:${api.address().port}`, PORT: String(port) }, stdio: "ignore" });

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
page.on("pageerror", (error) => { console.log("failed", error.message); process.exitCode = 1; });
const path = `/lineage/dataset/${encodeURIComponent(focus.namespace)}/${focus.name}?limit=20000&up=20&down=20&group=none`;
const open = async () => {
  for (let tries = 0; ; tries += 1) {
    try { return await page.goto(`http://127.0.0.1:${port}${path}`); } catch (thrown) { if (tries > 40) throw thrown; await page.waitForTimeout(100); }
  }
};
const drawn = () => page.waitForFunction(() => performance.getEntriesByName("lineage-drawn").length > 0 && document.querySelector("[data-place]") !== null);
const p95 = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.95)];

/** Times frames while the graph is dragged to and fro. */
async function pan() {
  await page.evaluate(() => {
    window.frames_ = [];
    let last = performance.now();
    window.isTiming = true;
    const tick = (now) => { window.frames_.push(now - last); last = now; if (window.isTiming) requestAnimationFrame(tick); };
    requestAnimationFrame(tick);
  });
  await page.mouse.move(700, 600);
  await page.mouse.down();
  for (let step = 0; step < 120; step += 1) await page.mouse.move(700 + 260 * Math.sin(step / 9), 600 - 220 * Math.sin(step / 14));
  await page.mouse.up();
  return await page.evaluate(() => { window.isTiming = false; return window.frames_.slice(2); });
}

const found = {};
try {
await open();
await drawn();
found["ready after the answer, ms"] = await page.evaluate(() => {
  const told = performance.getEntriesByType("resource").find((entry) => entry.name.includes("/lineage/graph"));
  return performance.getEntriesByName("lineage-drawn")[0].startTime - told.responseEnd;
});
await page.waitForTimeout(500);
const panned = await pan();
found["pan, p95 of a frame, ms"] = p95(panned);
found["frames a second while panning"] = 1000 / (panned.reduce((sum, one) => sum + one, 0) / panned.length);
await page.waitForTimeout(400);

/** From a click to the frame that draws what came of it. */
async function timed(act, isDone) {
  await page.evaluate(() => { document.addEventListener("click", (event) => { window.clickedAt = event.timeStamp; performance.clearMarks("lineage-drawn"); }, { capture: true, once: true }); });
  await act();
  await page.waitForFunction(isDone);
  // The items of the tree are told anew in the frame that draws them.
  await page.waitForTimeout(200);
  return await page.evaluate(() => performance.getEntriesByName("lineage-drawn").find((mark) => mark.startTime >= window.doneAt).startTime - window.clickedAt);
}
const hovers = [];
for (let turn = 0; turn < 20; turn += 1) {
  hovers.push(await page.evaluate(async (rank) => {
    const cards = [...document.querySelectorAll("[data-place]")].filter((card) => { const box = card.getBoundingClientRect(); return box.top > 260 && box.bottom < 800 && box.left > 240 && box.right < 1400; });
    const card = cards[rank % cards.length];
    const box = card.getBoundingClientRect();
    performance.clearMarks("lineage-drawn");
    const start = performance.now();
    card.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientX: box.left + 40, clientY: box.top + 10, pointerId: 1 }));
    await new Promise((done) => { requestAnimationFrame(() => { requestAnimationFrame(done); }); });
    const marks = performance.getEntriesByName("lineage-drawn");
    return marks.length > 0 ? marks.at(-1).startTime - start : -1;
  }, turn));
}
const seenHovers = hovers.filter((one) => one >= 0);
if (seenHovers.length < 15) throw new Error(`only ${seenHovers.length} of 20 hovers were drawn`);
found["hover, ms"] = p95(seenHovers);
found["cards"] = await page.locator("[data-place]").count();

await page.keyboard.press("Tab");
await page.evaluate(() => { document.querySelector("[role=tree]").focus(); });
await page.keyboard.press("Home");
await page.waitForTimeout(400);
await page.evaluate(() => {
  const tree = document.querySelector("[role=tree]");
  window.labelBefore = tree.getAttribute("aria-label");
  new MutationObserver(() => { window.doneAt ??= performance.now(); }).observe(tree, { attributes: true, attributeFilter: ["aria-label"] });
});
const handle = page.locator("[data-focus=true] [data-side=down]");
found["expand, ms"] = await timed(() => handle.click(), () => document.querySelector("[role=tree]").getAttribute("aria-label") !== window.labelBefore);
found["heap, MB"] = await page.evaluate(() => performance.memory.usedJSHeapSize / 1e6);

await page.keyboard.press("0");
await page.waitForTimeout(800);
found["pan over all, p95 of a frame, ms"] = p95(await pan());

let isOver = false;
for (const [name, value] of Object.entries(found)) {
  const over = BOUNDS[name] !== undefined && value > BOUNDS[name];
  isOver ||= over;
  console.log(`${name.padEnd(36)} ${value.toFixed(1).padStart(8)}${BOUNDS[name] === undefined ? "" : ` of ${BOUNDS[name]}`}${over ? "  TOO SLOW" : ""}`);
}
if (isOver) process.exitCode = 1;
} finally {
  await browser.close();
  serve.kill();
  api.close();
}
