// The audit log in use and under fault: times brushed, the live tail and its breaks, exports that verify, names opened with a reason,
// answers with one byte changed, a log that went back.
import { readFileSync } from "node:fs";
import { Gate } from "./gate.mjs";

const RECORDS = "/api/v1/audit/records";

/** Does something that is recorded, about somebody of its own; returns what the list calls them, known by name or not. */
async function recorded(visitor, at) {
  const name = `tail-${Date.now()}-${at}`;
  await visitor.server.ask(`/api/v1/users/${name}`, "PUT", { roles: [{ role: "viewer" }] });
  const { id } = await visitor.server.ask(`/api/v1/users/${name}`);
  return new RegExp(`${name}|…${id.slice(-12)}`);
}

/** Waits for what was done, each of it once and in the order of the log. */
async function shownOnce(visitor, done) {
  const { page } = visitor;
  for (const one of done) await page.getByRole("row").filter({ hasText: one }).first().waitFor();
  const rows = await page.getByRole("row").allTextContents();
  const places = rows.map((row) => /#([\d,]+)$/.exec(row.trim())?.[1]).filter(Boolean).map((text) => Number(text.replaceAll(",", "")));
  for (const one of done) visitor.must(rows.filter((row) => one.test(row)).length === 1, `${one} is shown twice`);
  visitor.must(places.length >= done.length && places.every((place, at) => at === 0 || place < places[at - 1]), `the order is ${places.join(" ")}`);
}

/** Changes one byte in every answer of an address; a way to undo it. */
async function change(page, address, what, to) {
  await page.route(address, async (route) => {
    const answer = await route.fetch();
    const body = await answer.text();
    await route.fulfill({ response: answer, body: body.replace(what, to) });
  });
}

async function openRecord(page) {
  await page.getByRole("row").nth(1).click();
  await page.waitForURL(/audit\/records\//);
}

const saved = async (page, button) => {
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return { name: "bundle.jsonl", mimeType: "application/jsonl", buffer: readFileSync(await download.path()) };
};

export const walks = {
  "times are brushed by keyboard and by mouse, and stand in the address": async (visitor) => {
    const { page } = visitor;
    await visitor.signIn("auditor");
    await visitor.go("/audit");
    const plot = page.getByRole("slider");
    await plot.focus();
    await page.keyboard.press("End");
    await page.keyboard.press("Shift+ArrowLeft");
    await page.getByText(/^Chosen: /).waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL(/from=.*until=/);
    await page.getByRole("row").nth(1).waitFor();
    const before = page.url();
    await page.reload();
    await page.getByRole("row").nth(1).waitFor();
    visitor.must(page.url() === before, page.url());
    await visitor.go("/audit");
    const { x, y, width } = await plot.boundingBox();
    await page.mouse.move(x + width * 0.7, y + 10);
    await page.mouse.down();
    await page.mouse.move(x + width - 1, y + 10, { steps: 5 });
    await page.mouse.up();
    await page.waitForURL(/from=.*until=/);
    await page.getByRole("row").nth(1).waitFor();
  },

  "the live tail: records as they come; what broke meanwhile is said, nothing is lost and nothing doubled": async (visitor) => {
    const { page } = visitor;
    const gate = await Gate.before(visitor.server);
    visitor.url = gate.url;
    for (const what of ["ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_EMPTY_RESPONSE"]) visitor.expect(what, /^\/(api\/v1\/(audit(\/.+)?|changes)|readyz)$/);
    await visitor.signIn("auditor");
    await visitor.go("/audit?action=user%3Awrite&live=true");
    const isLive = page.getByText("Live: new records appear by themselves");
    await isLive.waitFor();
    const done = [await recorded(visitor, 1)];
    await shownOnce(visitor, done);
    await gate.close();
    await page.getByText(/^Live: (connecting|the stream is down)/).waitFor();
    for (let at = 2; at < 6; at += 1) done.push(await recorded(visitor, at));
    const again = page.waitForRequest((request) => request.url().includes("/api/v1/audit/tail") && request.headers()["last-event-id"] !== undefined);
    await gate.open();
    await again;
    await isLive.waitFor();
    await shownOnce(visitor, done);
    gate.cut();
    done.push(await recorded(visitor, 6));
    await shownOnce(visitor, done);
    await isLive.waitFor();
    done.push(await recorded(visitor, 7));
    await shownOnce(visitor, done);
    await gate.close();
  },

  "what is exported verifies, whole and filtered; with one byte changed it does not": async (visitor) => {
    const { page } = visitor;
    await visitor.signIn("auditor");
    const bundles = [];
    for (const query of ["", "?outcome=done"]) {
      await visitor.go(`/audit${query}`);
      await page.getByRole("button", { name: "Export", exact: true }).click();
      bundles.push(await saved(page, page.getByRole("button", { name: "Download" })));
    }
    const { key } = await visitor.server.ask("/api/v1/audit");
    await visitor.go("/verify");
    const verify = async (file) => {
      await page.setInputFiles("input[type=file]", [file]);
      await page.getByLabel("Public key").fill(key);
      await page.getByRole("button", { name: "Verify", exact: true }).click();
    };
    for (const bundle of bundles) {
      await verify(bundle);
      await page.getByText("Everything holds").waitFor();
      const bad = Buffer.from(bundle.buffer);
      bad[bad.indexOf('"outcome":"done"') + 11] ^= 1;
      await verify({ ...bundle, buffer: bad });
      await page.getByText("NOT verified").waitFor();
    }
  },

  "readers’ names are sealed, opened only with a reason, and that is recorded": async (visitor) => {
    const { page } = visitor;
    const { hits } = await visitor.server.ask("/api/v1/catalog/search?q=stg_erp_customers%20type:dataset&limit=1");
    const { namespace, name } = hits[0];
    await visitor.server.ask("/api/v1/access-events", "POST", { id: `walk-${Date.now()}`, at: new Date().toISOString(), actor: "ann@example.com", dataset: { namespace, name }, operation: "read" });
    await visitor.signIn("auditor");
    await visitor.go(`/audit/access?of=${encodeURIComponent(`dataset:${namespace}:${name}`)}`);
    await page.getByRole("button", { name: "Show names" }).click();
    const reason = page.getByLabel("What for");
    await reason.fill("a b");
    await page.keyboard.press("Enter");
    await page.getByText("1 to 128 letters").first().waitFor();
    const why = `incident/${Date.now()}`;
    await reason.fill(why);
    await page.keyboard.press("Enter");
    await page.getByText("ann@example.com").first().waitFor();
    visitor.must(!page.url().includes("ann"), page.url());
    await page.getByRole("button", { name: "Hide names" }).click();
    await page.getByText("ann@example.com").first().waitFor({ state: "hidden" });
    await visitor.go(`/audit?purpose=${encodeURIComponent(why)}`);
    await openRecord(page);
    await page.getByText("Proven", { exact: true }).waitFor();
  },

  "an answer with one byte changed is red, and says what does not hold": async (visitor) => {
    const { page } = visitor;
    await visitor.signIn("auditor");
    await visitor.go("/audit?outcome=done");
    await openRecord(page);
    await page.getByText("Proven", { exact: true }).waitFor();
    const address = page.url();
    const says = async (text) => {
      await page.goto(address);
      const card = page.getByRole("region", { name: "Proof, checked in this browser" });
      await card.getByText("Not proven", { exact: true }).waitFor();
      await card.getByText(text).first().waitFor();
      await page.unrouteAll();
    };
    await change(page, new RegExp(`${RECORDS}/[^/?]+$`), '"outcome":"done"', '"outcome":"eone"');
    await says("does not hold");
    // A hash of the receipt: the third letter of its last line before the head.
    await change(page, /\/receipt$/, /\n([A-Za-z0-9+/]{2})([A-Za-z0-9+/])([A-Za-z0-9+/]{40}=)\n/, (_, head, one, tail) => `\n${head}${one === "A" ? "B" : "A"}${tail}\n`);
    await says("does not hold");
    await change(page, `**${RECORDS}?*`, '"outcome":"done"', '"outcome":"eone"');
    await visitor.go("/audit?outcome=done");
    await page.getByRole("button", { name: "Check these records" }).click();
    await page.getByText("1 record is not proven").waitFor();
    await page.unrouteAll();
  },

  "a head that was changed on the way is not believed; a log that is another alarms": async (visitor) => {
    const { page } = visitor;
    await visitor.signIn("auditor");
    await change(page, "**/api/v1/audit/checkpoint", /\n(\d+)\n/, (_, size) => `\n${Number(size) + 1}\n`);
    await visitor.go("/audit");
    await page.getByRole("alert").getByText("The head is not to be believed").waitFor();
    await page.unrouteAll();
    await page.reload();
    await page.waitForFunction(() => Object.keys(localStorage).some((key) => key.endsWith("audit.head")));
    await page.evaluate(() => {
      const key = Object.keys(localStorage).find((one) => one.endsWith("audit.head"));
      localStorage.setItem(key, JSON.stringify({ size: 1, root: btoa("\0".repeat(32)) }));
    });
    await visitor.go("/audit");
    await page.getByText("The audit log is another than before").waitFor();
  },
};
