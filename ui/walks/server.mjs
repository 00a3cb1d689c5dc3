// A real Lethe on a free port in a folder of its own: with the demo running ("demo"), empty ("empty", "untouched"), or holding what pipelines
// send at their oddest ("odd").
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DATASETS, oddEvents, treeEvents, wideEvents } from "./odd.mjs";

const root = new URL("../../", import.meta.url).pathname;
const bin = resolve(process.env.LETHE_BIN ?? join(root, "target/debug"));
const START_MS = 60_000;
const BATCH = 250;
/** The administrator of an empty Lethe; that of the demo is made by scripts/run-demo. */
const ADMIN = "walks-administrators-token-0123456789";

/** A port that nobody listens on. */
export function freePort() {
  return new Promise((done) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

export class Server {
  /** Starts one and waits until it has what walks look for. */
  static async start(kind) {
    const server = new Server();
    server.dir = mkdtempSync(join(tmpdir(), "lethe-walk-"));
    const listen = `127.0.0.1:${await freePort()}`;
    server.url = `http://${listen}`;
    server.data = kind === "demo" ? join(server.dir, "lethe") : server.dir;
    const [command, args] = kind === "demo"
      ? [join(root, "scripts/run-demo"), [bin, listen, server.dir]]
      : [join(bin, "lethe"), ["serve", "--listen", listen, "--data-dir", server.dir]];
    const env = { ...process.env, LETHE_OPEN: "false", LETHE_LOG: "warn" };
    delete env.LETHE_ADMIN_TOKEN;
    if (kind !== "demo") env.LETHE_ADMIN_TOKEN = ADMIN;
    server.child = spawn(command, args, { env, stdio: "ignore" });
    server.ended = new Promise((done) => { server.child.on("exit", done); });
    await server.until(async () => (await fetch(`${server.url}/readyz`)).ok);
    server.token = kind === "demo" ? readFileSync(join(server.dir, "admin.token"), "utf8") : ADMIN;
    if (kind === "demo") {
      await server.until(async () => (await server.ask("/api/v1/catalog/search?q=mart_customer_360%20has:lineage%20type:dataset")).total > 0);
      await server.until(() => server.link("auditor"));
    }
    if (kind === "odd") await server.fill();
    return server;
  }

  /** Sends what pipelines send at their oddest, and waits until all of it is found. */
  async fill() {
    const events = [...oddEvents(), ...wideEvents(), ...treeEvents()];
    for (let at = 0; at < events.length; at += BATCH) {
      const { summary } = await this.ask("/api/v1/lineage/batch", "POST", events.slice(at, at + BATCH));
      if (summary.failed > 0) throw new Error(`${summary.failed} events were refused`);
    }
    await this.until(async () => (await this.ask("/api/v1/catalog/search?q=type:dataset&limit=1")).total === DATASETS);
  }

  async until(holds) {
    const end = Date.now() + START_MS;
    for (;;) {
      try {
        if (await holds()) return;
      } catch {
        // Not yet.
      }
      if (Date.now() > end) throw new Error(`${this.url} is not ready after ${START_MS} ms`);
      await new Promise((done) => { setTimeout(done, 200); });
    }
  }

  /** Asks the API as the administrator. */
  async ask(path, method = "GET", body = undefined) {
    const headers = { authorization: `Bearer ${this.token}`, ...(body === undefined ? {} : { "content-type": "application/json" }) };
    const answer = await fetch(this.url + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    const text = await answer.text();
    return text === "" ? null : JSON.parse(text);
  }

  /** Makes a one-time link that signs a person in. */
  link(user, url = this.url) {
    const named = user === undefined ? [] : ["--user", user];
    const env = { ...process.env, LETHE_URL: url };
    const said = execFileSync(join(bin, "lethe"), ["sign-in-link", "--data-dir", this.data, ...named], { env, stdio: ["ignore", "pipe", "ignore"] });
    return said.toString().trim();
  }

  /** Lets the demo's pipeline wait ("SIGSTOP") or go on ("SIGCONT"): what it does takes the processor from what is measured. */
  pipeline(signal) {
    const { pid } = this.child;
    const started = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
    const demo = started.filter((child) => readFileSync(`/proc/${child}/comm`, "utf8").trim() === "lethe-demo");
    if (demo.length !== 1) throw new Error(`${demo.length} pipelines of the demo run`);
    process.kill(Number(demo[0]), signal);
  }

  async stop() {
    this.child.kill("SIGTERM");
    await this.ended;
    rmSync(this.dir, { recursive: true, force: true });
  }
}
