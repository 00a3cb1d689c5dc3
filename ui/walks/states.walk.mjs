// Every page in its states, with the demo running: loading, failed, refused, and nothing that fits.
import { findThings, routes, VISITS } from "./pages.mjs";

const FAILURE = "It failed as the walk wished.";

const soon = { timeout: 5_000 };
const fits = (visit) => (url) => visit.asks.test(url.pathname);
const main = (page) => page.getByRole("main");

/** Visits pages one after the other; fails with all that is wrong. */
async function each(visitor, visits, look) {
  const wrong = [];
  for (const visit of visits) {
    try {
      await look(visit);
    } catch (error) {
      wrong.push(`${visit.route} (${visitor.page.url()}): ${error.message.split("\n")[0]}`);
    }
    await visitor.page.unrouteAll();
  }
  visitor.must(visits.length > 0 && wrong.length === 0, wrong.join("\n"));
}

/** Goes to a page whose first answer is made by `answer`; what it asks first must be what the visit says. */
async function goWith(visitor, visit, things, answer) {
  await visitor.page.route(fits(visit), answer);
  const asked = visitor.page.waitForRequest((request) => fits(visit)(new URL(request.url())), soon);
  await Promise.all([asked, visitor.go(visit.at(things))]);
}


export const walks = {
  "every route has a visit, and every visit a route": async (visitor) => {
    await visitor.signIn();
    const [paths, visited] = [await routes(visitor), VISITS.map(({ route }) => route)];
    const missing = [...paths.filter((path) => !visited.includes(path)), ...visited.filter((path) => !paths.includes(path))];
    visitor.must(paths.length > 20 && missing.length === 0, `without a visit or a route: ${missing.join(", ")}`);
  },

  "whoever may not see a page is told which permission is missing, and finds the policy test": async (visitor) => {
    const { page } = visitor;
    const things = await findThings(visitor);
    visitor.expect(403, /^\/(api\/v1\/|metrics$)/);
    for (const who of ["viewer", "nobody"]) {
      await page.context().clearCookies();
      await visitor.signIn(who);
      await each(visitor, VISITS.filter(({ refused }) => refused?.[0] === who), async (visit) => {
        const [, permission] = visit.refused;
        await visitor.go(visit.at(things));
        const told = main(page).getByRole("alert").filter({ hasText: permission }).first();
        await told.waitFor(soon);
        await told.getByRole("link", { name: /Why not/ }).waitFor(soon);
      });
    }
  },

  "where nothing fits, that is said": async (visitor) => {
    const { page } = visitor;
    const things = await findThings(visitor);
    await visitor.signIn();
    await each(visitor, VISITS.filter(({ filtered }) => filtered), async (visit) => {
      const [at, says] = visit.filtered;
      await visitor.go(at(things));
      await main(page).getByText(says).first().waitFor(soon);
    });
  },

  "pages that ask nothing are there at once; an address that leads nowhere says so": async (visitor) => {
    const { page } = visitor;
    await visitor.signIn();
    for (const visit of VISITS.filter(({ asks, route }) => !asks && route !== "/sign-in")) {
      await visitor.go(visit.at({}));
      await main(page).getByRole("heading", { level: 1 }).waitFor();
    }
    await visitor.go("/nowhere/at/all");
    await page.getByText("There is no such page").waitFor();
    await page.context().clearCookies();
    await visitor.go("/account");
    await page.getByRole("heading", { name: "Sign in to Lethe" }).waitFor();
    await visitor.go("/sign-in");
    await page.getByRole("button", { name: "Sign in" }).waitFor();
  },
};

const HALVES = { "of data and of the log": VISITS.slice(0, 11), "of rules and of administration": VISITS.slice(11) };

for (const [which, visits] of Object.entries(HALVES)) {
  walks[`pages ${which}: each says that it loads, and shows what comes`] = async (visitor) => {
    const { page } = visitor;
    const things = await findThings(visitor);
    await visitor.signIn();
    await each(visitor, visits.filter(({ asks }) => asks), async (visit) => {
      let release = () => undefined;
      const held = new Promise((done) => { release = done; });
      await goWith(visitor, visit, things, async (route) => { await held; await route.continue(); });
      const busy = main(page).locator("[aria-busy=true]").first();
      await busy.waitFor(soon).finally(release);
      await busy.waitFor({ ...soon, state: "hidden" });
      visitor.must((await main(page).getByRole("alert").count()) === 0, "it fails");
    });
  };

  walks[`pages ${which}: each says what failed, and tries again`] = async (visitor) => {
    const { page } = visitor;
    const things = await findThings(visitor);
    visitor.expect(500, /^\/(api\/v1\/|metrics$)/);
    await visitor.signIn();
    await each(visitor, visits.filter(({ asks }) => asks), async (visit) => {
      const body = JSON.stringify({ type: "urn:lethe:problem:internal", title: "Internal error", status: 500, code: "internal", detail: FAILURE });
      await goWith(visitor, visit, things, (route) => route.fulfill({ status: 500, contentType: "application/problem+json", body }));
      const told = main(page).getByRole("alert").filter({ hasText: FAILURE }).first();
      await told.waitFor(soon);
      await page.unrouteAll();
      await told.getByRole("button", { name: "Try again" }).click(soon);
      await told.waitFor({ ...soon, state: "hidden" });
    });
  };
}
