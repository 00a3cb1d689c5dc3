// Every page of the UI, by the routes of the router that runs: where each is in the demo, and how one goes there without a reload.
// A route that has no place here fails the walks that go everywhere.
const segment = encodeURIComponent;

/** Makes what the demo does not have, and returns the places of each route. */
async function placesOf(server) {
  const found = async (query) => (await server.ask(`/api/v1/catalog/search?q=${segment(query)}&limit=1`)).hits[0];
  const first = async (path) => (await server.ask(path)).items[0];
  const named = (hit) => `${segment(hit.namespace)}/${segment(hit.name)}`;
  await server.ask("/api/v1/groups/walkers", "PUT", {});
  await server.ask("/api/v1/lineage/batch", "POST", [{ eventType: "COMPLETE", run: { runId: crypto.randomUUID() } }]);
  const mart = await found("mart_customer_360 type:dataset");
  const source = await found("stg_erp_customers type:dataset");
  const read = { id: "walked", at: new Date().toISOString(), actor: "walker@example.com", operation: "read" };
  await server.ask("/api/v1/access-events", "POST", { ...read, dataset: { namespace: mart.namespace, name: mart.name } });
  const job = await found("customer type:job");
  const run = await first(`/api/v1/jobs/${job.id}/runs?limit=1`);
  const record = (await first("/api/v1/audit/records?limit=1")).record.id;
  const letter = await first("/api/v1/dead-letters?limit=1");
  const user = (await server.ask("/api/v1/users?limit=100")).items.find((one) => one.name === "steward");
  return {
    "/": ["/", "/?connect=true"],
    "/catalog": ["/catalog?q=customer", "/catalog?q=nothing-is-called-this"],
    "/datasets/$namespace/$name/{-$tab}": ["", "/schema?column=email", "/lineage", "/quality", "/access", "/versions", "/raw"].map((tab) => `/datasets/${named(source)}${tab}`),
    "/jobs/$namespace/$name/{-$tab}": ["", "/runs", "/raw"].map((tab) => `/jobs/${named(job)}${tab}`),
    "/runs/$id": [`/runs/${run.id}`],
    "/lineage": ["/lineage", "/lineage?q=customer"],
    "/lineage/$kind/$namespace/$name": [
      `/lineage/dataset/${named(mart)}?up=3&sel=${mart.id}`, `/lineage/dataset/${named(mart)}?up=3&level=column&overlay=pii`,
      `/lineage/dataset/${named(mart)}?up=3&view=table`, `/lineage/job/${named(job)}?jobs=true`,
    ],
    "/audit": ["/audit", "/audit?outcome=denied"],
    "/audit/records/$id": [`/audit/records/${record}`],
    "/audit/access": ["/audit/access", ...[source, mart].map(({ namespace, name }) => `/audit/access?downstream=false&of=${segment(`dataset:${namespace}:${name}`)}`)],
    "/verify": ["/verify"],
    "/policies": ["/policies"],
    "/policies/test": ["/policies/test", "/policies/test?do=dataset:delete&who=user:viewer", "/policies/test?do=dataset:read_fields&what=dataset+class:user.name"],
    "/policies/new": ["/policies/new", "/policies/new?tab=changes", "/policies/new?tab=effects"],
    "/policies/$version": ["rules", "text", "compare", "findings", "cases", "effects"].map((tab) => `/policies/1?tab=${tab}`),
    "/admin/{-$section}": ["users", "groups", "service-accounts", "roles", "keys", "dead-letters", "system"].map((section) => `/admin/${section}`),
    "/admin/users/$id": [`/admin/users/${user.id}`],
    "/admin/groups/$name": ["/admin/groups/walkers"],
    "/admin/service-accounts/$name": ["/admin/service-accounts/demo"],
    "/admin/dead-letters/$id": [`/admin/dead-letters/${letter.id}`],
    "/account": ["/account"],
    "/privacy/requests": ["/privacy/requests"],
    "/privacy/retention": ["/privacy/retention"],
    "/stores": ["/stores"],
    // Whoever is signed in is sent on from here; a walk of its own looks at the form.
    "/sign-in": ["/sign-in"],
  };
}

/** The places of all routes, in the order of the router's table; whoever comes is signed in. */
export async function everywhere(visitor) {
  const routes = await visitor.page.evaluate(() => Object.keys(self.__TSR_ROUTER__.routesById).filter((id) => id !== "__root__"));
  const places = await placesOf(visitor.server);
  const unknown = routes.filter((route) => !(route in places));
  visitor.must(unknown.length === 0, `routes that places.mjs does not know: ${unknown.join(", ")}`);
  const gone = Object.keys(places).filter((route) => !routes.includes(route));
  visitor.must(gone.length === 0, `places of routes that are no more: ${gone.join(", ")}`);
  return routes.flatMap((route) => places[route].map((path) => ({ route, path })));
}

/** Goes to a place inside the app, as a link does, and waits until it has been answered. */
export async function enter(visitor, { route, path }) {
  const { page } = visitor;
  const leads = await page.evaluate(async (href) => {
    const router = self.__TSR_ROUTER__;
    await router.navigate({ href });
    return router.state.matches.at(-1).routeId;
  }, path);
  visitor.must(leads === (route === "/sign-in" ? "/" : route), `${path} leads to ${leads}, not to ${route}`);
  await settled(page);
}

/** Waits until nothing is loading any more, and what has come is drawn. */
export async function settled(page) {
  await page.locator("main h1, main h2, main [role=tree]").first().waitFor();
  await page.waitForFunction(() => document.querySelector("[aria-busy=true]") === null);
  await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => { requestAnimationFrame(done); }); }));
}
