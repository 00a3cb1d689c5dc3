// Weighs dist/ against its budgets, and fails above one. Initial is what the first page must have before it works: the
// entry with all that it imports.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const DIST = new URL("../dist/", import.meta.url).pathname;
const KB = 1000;
const BUDGETS = { "initial JS, gz": 200, "initial CSS, gz": 15, "lineage chunk, gz": 25, "largest other page, gz": 65, "whole, br": 600 };

const manifest = JSON.parse(readFileSync(join(DIST, ".vite/manifest.json"), "utf8"));
const entry = Object.keys(manifest).find((name) => manifest[name].isEntry);

/** Everything that a chunk imports, itself included. */
function reach(name, seen = new Set()) {
  if (!seen.has(name)) {
    seen.add(name);
    (manifest[name].imports ?? []).forEach((next) => reach(next, seen));
  }
  return seen;
}

const gz = (file) => gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length;
const br = (file) => brotliCompressSync(readFileSync(join(DIST, file)), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
const sum = (files, weigh) => files.reduce((all, file) => all + weigh(file), 0) / KB;

const initial = reach(entry);
const initialJs = [...initial].map((name) => manifest[name].file);
const initialCss = [...new Set([...initial].flatMap((name) => manifest[name].css ?? []))];
const everything = readdirSync(DIST, { recursive: true, withFileTypes: true })
  .filter((one) => one.isFile() && !one.parentPath.includes(".vite") && !one.name.endsWith(".br"))
  .map((one) => join(one.parentPath, one.name).slice(DIST.length));

/** What a page brings that neither the start nor another page brings. What a page opens later is not another page. */
const pages = Object.keys(manifest).filter((name) => manifest[name].isDynamicEntry);
const roomOf = (page) => /^src\/pages\/[^/]+\//.exec(page)?.[0] ?? page;
function own(page) {
  const others = new Set([...initial, ...pages.filter((other) => roomOf(other) !== roomOf(page)).flatMap((other) => [...reach(other)])]);
  return [...reach(page)].filter((name) => !others.has(name)).map((name) => manifest[name].file);
}
const isLineage = (page) => page.includes("pages/lineage/");
/** The explorer as it opens: renderer, minimap, bars. Its table, panel and dialogs come when they are opened. */
const EXPLORER = "src/pages/lineage/LineagePage.tsx";

const found = {
  "initial JS, gz": sum(initialJs, gz),
  "initial CSS, gz": sum(initialCss, gz),
  "lineage chunk, gz": sum(own(EXPLORER), gz),
  "largest other page, gz": Math.max(...pages.filter((page) => !isLineage(page)).map((page) => sum(own(page), gz))),
  "whole, br": sum(everything, br),
};

let isOver = false;
for (const [name, budget] of Object.entries(BUDGETS)) {
  const over = found[name] > budget;
  isOver ||= over;
  console.log(`${name.padEnd(24)} ${found[name].toFixed(1).padStart(7)} kB of ${budget}${over ? "  TOO LARGE" : ""}`);
}
process.exit(isOver ? 1 : 0);
