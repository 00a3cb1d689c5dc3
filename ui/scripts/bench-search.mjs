// Measures search as you type in headless Chromium, against a real server whose catalog it fills first: from a key going down
// to the frame that shows what it found. Takes ../target/release, or LETHE_BIN: node scripts/bench-search.mjs [DATASETS]; fails above a bound.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";

const wanted = Number(process.argv[2] ?? 1_000_000);
const BOUND_MS = 100;
const BATCH = 1_000;
const TOKEN = "bench-search-administrators-token-0123456789";
const WORDS = ["orders", "customers", "payments", "shipments", "trials", "patients", "batches", "invoices", "visits", "ledger", "sites", "adverse", "events", "samples", "assays", "returns"];
const LAYERS = ["raw", "staging", "silver", "gold", "mart", "sandbox"];
const TYPED = ["customers", "gold.orders", "trials 4711", "tag:pii ledger", "adverse events sites", "patiens"];

const dir = mkdtempSync(join(tmpdir(), "lethe-search-"));
const port = await new Promise((done) => {
  const probe = createServer().listen(0, "127.0.0.1", () => { const { port: free } = probe.address(); probe.close(() => done(free)); });
});
const url = `http://127.0.0.1:${port}`;
const bin = join(resolve(process.env.LETHE_BIN ?? new URL("../../target/release", import.meta.url).pathname), "lethe");
const server = spawn(bin, ["serve", "--listen", `127.0.0.1:${port}`, "--data-dir", dir], { env: { ...process.env, LETHE_ADMIN_TOKEN: TOKEN, LETHE_OPEN: "false", LETHE_LOG: "error" }, stdio: "ignore" });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });

async function ask(path, method = "GET", body = undefined) {
  const answer = await fetch(url + path, { method, headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  const text = await answer.text();
  return text === "" ? null : JSON.parse(text);
}

async function until(holds, ms) {
  for (const end = Date.now() + ms; Date.now() < end;) {
    if (await holds().catch(() => false)) return;
    await new Promise((done) => { setTimeout(done, 500); });
  }
  throw new Error(`not so after ${ms} ms: ${holds}`);
}

const at = (list, n) => list[n % list.length];
function dataset(n) {
  const name = `${at(LAYERS, n)}.${at(WORDS, Math.floor(n / 6))}_${at(WORDS, Math.floor(n / 96))}_${n}`;
  const fields = ["id", `${at(WORDS, n)}_id`, "updated_at", "amount", "email"].map((field) => ({ name: field, type: "TEXT" }));
  return { namespace: `postgres://db${n % 40}:5432`, name, description: `The ${at(WORDS, n)} of ${at(WORDS, n + 3)}`, tags: n % 7 === 0 ? ["pii"] : [], owners: [{ name: `team:${n % 60}` }], fields };
}

const sorted = (values) => [...values].sort((a, b) => a - b);
const part = (values, share) => sorted(values)[Math.min(values.length - 1, Math.floor(values.length * share))];

try {
  await until(async () => (await fetch(`${url}/readyz`)).ok, 30_000);
  const started = Date.now();
  for (let first = 0; first < wanted; first += BATCH) {
    const datasets = Array.from({ length: Math.min(BATCH, wanted - first) }, (_, place) => dataset(first + place));
    await ask("/api/v1/datasets", "PUT", { datasets });
  }
  await until(async () => (await ask("/api/v1/followers")).followers.every(({ behind }) => behind === 0), 1_800_000);
  const { total } = await ask("/api/v1/catalog/search?q=type:dataset&limit=1");
  console.log(`${total} datasets, filled in ${Math.round((Date.now() - started) / 1000)} s`);
  if (total < wanted) process.exitCode = 1;

  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${url}/sign-in`);
  await page.evaluate(async (token) => { await fetch("/api/v1/session", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ token }) }); }, TOKEN);
  await page.goto(`${url}/catalog`);
  await page.getByRole("list", { name: "Results" }).waitFor();
  await page.evaluate(() => {
    window.pressedAt = 0;
    window.shownAt = 0;
    document.addEventListener("keydown", (event) => { window.pressedAt = event.timeStamp; }, { capture: true });
    // The frame after the results changed: what changed is painted by then.
    new MutationObserver(() => { requestAnimationFrame(() => { window.shownAt = performance.now(); }); }).observe(document.querySelector("#content"), { childList: true, subtree: true, characterData: true });
  });
  const box = page.getByRole("searchbox").first();
  const times = [];
  for (const text of [...TYPED, ...TYPED, ...TYPED]) {
    await box.fill("");
    await page.waitForTimeout(400);
    for (let end = 1; end <= text.length; end += 1) {
      const typed = text.slice(0, end);
      const answered = page.waitForResponse((response) => new URL(response.url()).searchParams.get("q")?.trim() === typed.trim() && response.url().includes("/catalog/search"), { timeout: 5_000 }).catch(() => null);
      await page.evaluate(() => { window.shownAt = 0; });
      await page.keyboard.press(typed.at(-1) === " " ? "Space" : typed.at(-1));
      if (typed.endsWith(" ")) continue;
      // What was answered before is not asked for again: it is shown from what is kept.
      await Promise.race([answered, page.waitForTimeout(300)]);
      await page.waitForFunction(() => window.shownAt > 0, null, { timeout: 2_000 }).catch(() => null);
      await page.waitForTimeout(150);
      const took = await page.evaluate(() => (window.shownAt > 0 ? window.shownAt - window.pressedAt : -1));
      if (took >= 0) times.push(took);
    }
  }
  if (times.length < 100) throw new Error(`only ${times.length} keystrokes were shown`);
  const found = { "keystroke to results, p50, ms": part(times, 0.5), "keystroke to results, p95, ms": part(times, 0.95), "keystroke to results, worst, ms": Math.max(...times) };
  for (const [name, value] of Object.entries(found)) console.log(`${name.padEnd(34)} ${value.toFixed(1).padStart(8)} of ${BOUND_MS}${value > BOUND_MS ? "  TOO SLOW" : ""}`);
  if (part(times, 0.95) > BOUND_MS) process.exitCode = 1;
} finally {
  await browser.close();
  server.kill();
  rmSync(dir, { recursive: true, force: true });
}
