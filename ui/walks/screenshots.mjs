// Pictures of every page with the demo running, light and dark, at 1440 and 390 px: node walks/screenshots.mjs [NAME…]
// They go to shots/NAME-WIDTH-THEME.png, to be looked at; the best of them are in docs/images.
import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";
import { Server } from "./server.mjs";

const out = new URL("../shots/", import.meta.url).pathname;
const SETTLE_MS = 1_500;
const WIDTHS = { 1440: 900, 390: 844 };

/** The pages: a name, and where it is. What it shows is looked up in the running demo. */
async function pages(server) {
  const one = async (path) => (await server.ask(path)).items[0];
  const segment = encodeURIComponent;
  const { hits } = await server.ask("/api/v1/catalog/search?q=customers%20type:dataset&limit=1");
  const dataset = `${segment(hits[0].namespace)}/${segment(hits[0].name)}`;
  const jobs = await server.ask("/api/v1/catalog/search?q=type:job&limit=1");
  const job = `${segment(jobs.hits[0].namespace)}/${segment(jobs.hits[0].name)}`;
  const record = await one("/api/v1/audit/records?limit=1");
  const run = await one(`/api/v1/jobs/${jobs.hits[0].id}/runs?limit=1`);
  return {
    "sign-in": null,
    home: "/",
    "first-run": "/?connect=true",
    catalog: "/catalog?q=customer",
    dataset: `/datasets/${dataset}`,
    schema: `/datasets/${dataset}/schema`,
    versions: `/datasets/${dataset}/versions`,
    job: `/jobs/${job}`,
    run: `/runs/${run.id}`,
    lineage: `/lineage/dataset/${dataset}?up=3&down=3`,
    impact: `/lineage/dataset/${dataset}?view=table`,
    audit: "/audit",
    readers: `/audit/access?of=${segment(`dataset:${hits[0].namespace}:${hits[0].name}`)}`,
    "audit-entry": `/audit/records/${record.record.id}`,
    verify: "/verify",
    policies: "/policies",
    "policy-set": "/policies/1",
    "policy-draft": "/policies/new",
    "policy-test": "/policies/test?do=dataset:delete&who=user:viewer",
    admin: "/admin",
    system: "/admin/system",
    account: "/account",
  };
}

mkdirSync(out, { recursive: true });
const wanted = process.argv.slice(2);
const server = await Server.start("demo");
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
try {
  for (const [name, path] of Object.entries(await pages(server))) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const context = await browser.newContext({ locale: "en-GB", reducedMotion: "reduce" });
    const page = await context.newPage();
    if (path !== null) await page.goto(server.link());
    for (const [width, height] of Object.entries(WIDTHS)) {
      await page.setViewportSize({ width: Number(width), height });
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        await page.goto(server.url + (path ?? "/"));
        await page.waitForTimeout(SETTLE_MS);
        await page.screenshot({ path: `${out}${name}-${width}-${colorScheme}.png` });
      }
    }
    console.log(name, path ?? "");
    await context.close();
  }
} finally {
  await browser.close();
  await server.stop();
}
