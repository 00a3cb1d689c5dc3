// Walks through the UI in Debian's Chromium against the real binary, as people go: node walks/run.mjs [NAME…]
// ONLY narrows them to those whose name holds it. LETHE_BIN names the folder of the binaries (default ../target/debug).
// Every file NAME.walk.mjs exports `walks` by name, and which `server` they need; each walk gets a fresh browser. What the console says as an error, and whatever the policy (CSP) refuses, fails the walk that heard it.
import { mkdirSync, readdirSync } from "node:fs";
import { chromium } from "playwright-core";
import { Server } from "./server.mjs";

const STEP_MS = 30_000;
const here = new URL(".", import.meta.url);
const wanted = process.argv.slice(2);
const out = new URL("../shots/walks/", here).pathname;
mkdirSync(out, { recursive: true });

/** The path of an address; nothing of what is none. */
const pathOf = (url) => (URL.canParse(url) ? new URL(url).pathname : "");

/** Somebody before a browser. */
class Visitor {
  constructor(server, page) {
    this.server = server;
    /** Where the browser goes: the server itself, or a gate before it. */
    this.url = server.url;
    this.page = page;
    this.heard = [];
    this.expected = [];
  }

  /**
   * Names what the walk itself provokes, and of which the browser writes a line of its own: `what` is a status (403) or the
   * way's failure (ERR_CONNECTION_REFUSED), `path` where. A string is the whole path, a pattern what fits it.
   */
  expect(what, path) {
    const says = typeof what === "number" ? `status of ${what} ` : `net::${what}`;
    this.expected.push(({ text, url }) => text.startsWith("Failed to load resource: ") && text.includes(says) && (typeof path === "string" ? pathOf(url) === path : path.test(pathOf(url))));
  }

  listen() {
    this.page.on("console", (message) => {
      if (message.type() === "error") this.heard.push({ text: message.text(), url: message.location().url });
    });
    this.page.on("pageerror", (error) => this.heard.push({ text: `${error.message}\n${error.stack}`, url: "" }));
  }

  /** Signs in by a one-time link. */
  async signIn(user) {
    await this.page.goto(this.server.link(user, this.url));
    await this.page.getByRole("navigation").first().waitFor();
  }

  async go(path) {
    await this.page.goto(this.url + path, { waitUntil: "commit" });
  }

  /** Demands something; says what was wrong. */
  must(isSo, what) {
    if (!isSo) throw new Error(what);
  }

  /** Whether the page went down, told by what it said. */
  complaints() {
    return this.heard.filter((one) => !this.expected.some((isIt) => isIt(one))).map(({ text, url }) => `${text} ${url}`);
  }
}

async function walkOne(browser, server, name, walk) {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1440, height: 900 }, acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(STEP_MS);
  const visitor = new Visitor(server, page);
  visitor.listen();
  const started = Date.now();
  try {
    await walk(visitor);
    const complaints = visitor.complaints();
    if (complaints.length > 0) throw new Error(`the console says: ${complaints.join("\n")}`);
    console.log(`ok      ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    return true;
  } catch (error) {
    await page.screenshot({ path: `${out}${name.replaceAll(/\W+/g, "-")}.png`, fullPage: true }).catch(() => undefined);
    console.log(`FAILED  ${name} at ${page.url()}\n${error.stack ?? error}\n${visitor.complaints().join("\n")}`);
    return false;
  } finally {
    await context.close();
  }
}

const files = readdirSync(here).filter((file) => file.endsWith(".walk.mjs"));
const walks = [];
for (const file of files.sort()) {
  const room = file.slice(0, -".walk.mjs".length);
  if (wanted.length > 0 && !wanted.includes(room)) continue;
  const { server = "demo", walks: named } = await import(new URL(file, here));
  walks.push(...Object.entries(named).map(([name, walk]) => ({ server, name: `${room}: ${name}`, walk })).filter(({ name }) => name.includes(process.env.ONLY ?? "")));
}
if (walks.length === 0) throw new Error(`no walks of ${wanted.join(", ")}`);

const servers = {};
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
let failed = 0;
try {
  for (const { server, name, walk } of walks) {
    servers[server] ??= await Server.start(server);
    if (!(await walkOne(browser, servers[server], name, walk))) failed += 1;
  }
} finally {
  await browser.close();
  await Promise.all(Object.values(servers).map((server) => server.stop()));
}
console.log(`${walks.length - failed} of ${walks.length} walks held`);
process.exit(failed === 0 ? 0 : 1);
