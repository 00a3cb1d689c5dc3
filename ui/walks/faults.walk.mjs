// What goes wrong on the way: the server is gone and comes back, the session ends, answers are refused, cut off, slow or none of
// Lethe's; the clock is off. Nothing typed is lost, and the page says what is the matter.
import { Gate } from "./gate.mjs";

const LISTED = "/api/v1/datasets";
const CUT_AFTER = 700;
const SLOW_MS = 10_000;
const HOUR_MS = 3_600_000;

/** The page of the demo's table of customers. */
async function customers(visitor, tab = "") {
  const { hits } = await visitor.server.ask("/api/v1/catalog/search?q=stg_erp_customers%20type:dataset&limit=1");
  return `/datasets/${encodeURIComponent(hits[0].namespace)}/${encodeURIComponent(hits[0].name)}${tab}`;
}

/** Puts a gate before the server, through which the visitor goes from now on. */
async function throughGate(visitor) {
  const gate = await Gate.before(visitor.server);
  visitor.url = gate.url;
  // Whatever is asked meanwhile finds nobody, wherever it goes.
  for (const what of ["ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE", "ERR_INCOMPLETE_CHUNKED_ENCODING"]) visitor.expect(what, /^\/(api\/v1\/|readyz$|icon\.svg$)/);
  return gate;
}

const lamp = (page, says) => page.getByRole("banner").getByRole("status").filter({ hasText: says });

/** Begins to write a description. */
async function begin(page, text) {
  const card = page.getByRole("region", { name: "Description" });
  await card.getByRole("button", { name: "Edit the description" }).click();
  await card.getByRole("textbox", { name: "Description" }).fill(text);
  return card;
}

export const walks = {
  "the server is gone and comes back: what is typed stays, and is saved": async (visitor) => {
    const { page } = visitor;
    const gate = await throughGate(visitor);
    await visitor.signIn("steward");
    await visitor.go(await customers(visitor));
    const text = `Written while nobody answered, ${Date.now()}.`;
    const card = await begin(page, text);
    await lamp(page, "Live").waitFor();
    await gate.close();
    await card.getByRole("button", { name: "Save" }).click();
    await card.getByText("Nothing that you typed is lost").waitFor();
    await lamp(page, "No connection").waitFor();
    await page.getByRole("alert").getByText("What is shown may be old").waitFor();
    await card.getByRole("button", { name: "Edit the description" }).click();
    visitor.must((await card.getByRole("textbox", { name: "Description" }).inputValue()) === text, "what was typed is lost");
    await gate.open();
    await lamp(page, "Live").waitFor();
    await page.getByText("What is shown may be old").waitFor({ state: "hidden" });
    visitor.must((await card.getByRole("textbox", { name: "Description" }).inputValue()) === text, "what was typed is lost as the server comes back");
    await card.getByRole("button", { name: "Save" }).click();
    await card.getByText("Saved.").waitFor();
    await gate.close();
  },

  "a page that found nobody is filled by itself when the server is back": async (visitor) => {
    const { page } = visitor;
    const gate = await throughGate(visitor);
    await visitor.signIn("steward");
    await visitor.go("/catalog");
    await page.getByRole("link", { name: /customer/ }).first().waitFor();
    await gate.close();
    await page.getByRole("searchbox").first().fill("mart_customer_360");
    await page.getByRole("main").getByText("The server cannot be reached").first().waitFor();
    await gate.open();
    await page.getByRole("link", { name: /^mart_customer_360/ }).first().waitFor();
    await page.getByText("The server cannot be reached").waitFor({ state: "hidden" });
    await gate.close();
  },

  "a page gone to while nobody answers says so, and is there when the server is; what lies beside it does no harm": async (visitor) => {
    const { page } = visitor;
    const gate = await throughGate(visitor);
    visitor.expect("ERR_CONNECTION_REFUSED", /^\/assets\//);
    await visitor.signIn();
    await visitor.go(await customers(visitor));
    const card = await begin(page, "Not yet saved.");
    await gate.close();
    await page.getByRole("heading", { level: 1 }).click();
    const refused = page.waitForEvent("requestfailed", (request) => request.url().includes("/assets/Help"));
    await page.keyboard.press("?");
    await refused;
    await card.getByRole("textbox", { name: "Description" }).waitFor();
    await card.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("link", { name: "Policies" }).click();
    await page.getByRole("main").getByText("Lethe does not answer").waitFor();
    await gate.open();
    await page.getByRole("heading", { name: "Policies", level: 1 }).waitFor();
    await gate.close();
  },

  "the session ends in the middle of an edit: signed in again in place, the edit goes through": async (visitor) => {
    const { page } = visitor;
    visitor.expect(401, /^\/api\/v1\//);
    await visitor.signIn("steward");
    const { items } = await visitor.server.ask("/api/v1/users?limit=100");
    const { id } = items.find(({ name }) => name === "steward");
    await visitor.go(await customers(visitor));
    const text = `Written over two sessions, ${Date.now()}.`;
    const card = await begin(page, text);
    await visitor.server.ask(`/api/v1/users/${id}/sessions`, "DELETE");
    await card.getByRole("button", { name: "Save" }).click();
    const dialog = page.getByRole("alertdialog", { name: "Your session has ended" });
    await dialog.getByRole("tab", { name: "One-time link" }).click();
    await dialog.getByRole("textbox", { name: "Link or code" }).fill("not-a-code");
    await dialog.getByRole("button", { name: "Sign in" }).click();
    await dialog.getByRole("alert").waitFor();
    await dialog.getByRole("textbox", { name: "Link or code" }).fill(visitor.server.link("steward"));
    await dialog.getByRole("button", { name: "Sign in" }).click();
    await dialog.waitFor({ state: "hidden" });
    await card.getByText("Saved.").waitFor();
    await card.getByText(text).waitFor();
  },

  "one part of a page is refused: it names the permission and leads to the policy test, the rest stands": async (visitor) => {
    const { page } = visitor;
    visitor.expect(403, "/metrics");
    await visitor.signIn("auditor");
    await visitor.go("/admin/system");
    await page.getByText("Ready", { exact: true }).waitFor();
    const refused = page.getByRole("alert").filter({ hasText: "The permission that is missing: operation:metrics" });
    await refused.getByRole("link", { name: "Why not? Test the policy" }).click();
    await page.waitForURL(/policies\/test\?do=operation/);
    await page.getByRole("heading", { name: "Denied" }).waitFor();
  },

  "answers that are cut off are told as such, and asked for again": async (visitor) => {
    const { page } = visitor;
    const gate = await throughGate(visitor);
    for (const what of ["ERR_CONTENT_LENGTH_MISMATCH", "ERR_INCOMPLETE_CHUNKED_ENCODING"]) visitor.expect(what, "/api/v1/catalog/search");
    await visitor.signIn("steward");
    const place = await customers(visitor, "/schema");
    await visitor.go("/catalog");
    await page.getByRole("link", { name: /customer/ }).first().waitFor();
    gate.cutAfter = CUT_AFTER;
    await page.getByRole("searchbox").first().fill("customer");
    const broken = page.getByRole("main").getByRole("alert").or(page.getByRole("main").getByRole("status")).filter({ hasText: "The answer was cut off" });
    await broken.waitFor();
    gate.cutAfter = null;
    await broken.getByRole("button", { name: "Try again" }).click();
    await page.getByText("The answer was cut off").waitFor({ state: "hidden" });
    // Half a JSON text, in an answer that is whole otherwise.
    await page.route(`**${LISTED}?*`, async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: (await answer.text()).slice(0, CUT_AFTER) });
    });
    await visitor.go(place);
    await broken.waitFor();
    await page.unroute(`**${LISTED}?*`);
    await broken.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("button", { name: "email", exact: true }).waitFor();
    await gate.close();
  },

  "an answer that takes ten seconds: said so meanwhile, then shown; who leaves does not wait": async (visitor) => {
    const { page } = visitor;
    await visitor.signIn("steward");
    const place = await customers(visitor);
    const slowly = async (route) => {
      await new Promise((done) => { setTimeout(done, SLOW_MS); });
      await route.continue().catch(() => undefined);
    };
    await page.route(`**${LISTED}?*`, slowly, { times: 2 });
    const abandoned = page.waitForEvent("requestfailed", (request) => request.url().includes(`${LISTED}?`));
    await visitor.go(place);
    await page.locator("[aria-busy=true]").first().waitFor();
    await page.getByRole("link", { name: "Catalog" }).click();
    const { errorText } = (await abandoned).failure();
    visitor.must(errorText === "net::ERR_ABORTED", errorText);
    const started = Date.now();
    await page.goBack();
    await page.getByText(/Still loading/).waitFor();
    await page.getByRole("region", { name: "Description" }).waitFor();
    visitor.must(Date.now() - started > SLOW_MS - 1_000, "the answer was not slow");
  },

  "failures of the server, its own and those of what stands before it, and too many requests": async (visitor) => {
    const { page } = visitor;
    for (const status of [500, 502, 429]) visitor.expect(status, LISTED);
    await visitor.signIn("steward");
    const place = await customers(visitor);
    const answers = async (answer) => {
      await page.unrouteAll();
      await page.route(`**${LISTED}?*`, (route) => route.fulfill(answer));
      await visitor.go(place);
      return page.getByRole("alert").filter({ has: page.getByRole("heading") });
    };
    const problem = (status, title, code, detail) => ({ status, contentType: "application/problem+json", body: JSON.stringify({ type: `urn:lethe:problem:${code}`, title, status, code, detail }) });
    const own = await answers({ ...problem(500, "Internal error", "internal", "The index is broken."), headers: { "x-request-id": "walk-4711" } });
    await own.getByText("The index is broken.").waitFor();
    await own.getByText("walk-4711").waitFor();
    const foreign = await answers({ status: 502, contentType: "text/html", body: "<script>window.ran=1</script><h1>Bad gateway</h1>" });
    await foreign.getByText(/between here and the server.*HTTP 502/).waitFor();
    visitor.must((await page.evaluate(() => window.ran)) === undefined, "what stands between was run");
    const many = await answers({ ...problem(429, "Too many requests", "too-many", "One at a time."), headers: { "retry-after": "3" } });
    await many.getByText("One at a time.").waitFor();
    visitor.must(await many.getByRole("button", { name: /^Try again in \d s$/ }).isDisabled(), "it may be tried again at once");
    await many.getByRole("button", { name: "Try again", exact: true }).waitFor();
    await page.unrouteAll();
    // Unless what changes in the catalog has it asked again before.
    await many.getByRole("button", { name: "Try again", exact: true }).click({ timeout: 5_000 }).catch(() => undefined);
    await page.getByRole("region", { name: "Description" }).waitFor();
  },
};

for (const [name, off, says] of [["an hour behind", -HOUR_MS, /clock is 1h behind/], ["an hour ahead", HOUR_MS, /clock is 1h ahead/]]) {
  walks[`this computer’s clock is ${name}: said so, and times are counted by the server’s`] = async (visitor) => {
    const { page } = visitor;
    await page.addInitScript((milliseconds) => {
      const { now } = Date;
      const Real = Date;
      globalThis.Date = class extends Real {
        constructor(...given) { super(...(given.length === 0 ? [now() + milliseconds] : given)); }

        static now() { return now() + milliseconds; }
      };
    }, off);
    await visitor.signIn("steward");
    await page.getByRole("status").filter({ hasText: says }).waitFor();
    const place = await customers(visitor);
    await visitor.go(place);
    const card = await begin(page, `Written by a wrong clock, ${Date.now()}.`);
    await card.getByRole("button", { name: "Save" }).click();
    await card.getByText("Saved.").waitFor();
    await visitor.go(`${place}/versions`);
    const entry = page.getByRole("listitem").filter({ hasText: "Written by a wrong clock" }).last();
    await entry.waitFor();
    const times = await page.locator("main time").allTextContents();
    const wrong = times.filter((text) => /^in |^1\s?h.* ago/.test(text));
    visitor.must(times.length > 0 && wrong.length === 0, `said of what has been: ${wrong.join(", ")}`);
    await page.reload();
    await entry.waitFor();
  };
}
