// Every page of the UI: where it is, what it asks first, and what it says where there is nothing, nothing that fits, or no
// permission. A route of the router without a visit fails.
const part = encodeURIComponent;

/** The paths of all routes, as the router that runs has them. */
export async function routes({ page }) {
  return await page.evaluate(() => Object.keys(self.__TSR_ROUTER__.routesById).filter((id) => id !== "__root__"));
}

/** What the places of the demo's pages are made of. */
export async function findThings({ server }) {
  const find = async (q) => (await server.ask(`/api/v1/catalog/search?limit=1&q=${part(q)}`)).hits[0];
  const [dataset, job] = [await find("stg_erp_customers type:dataset"), await find("build_customer_360 type:job")];
  await server.ask("/api/v1/groups/walkers", "PUT", {});
  await server.ask("/api/v1/users/nobody", "PUT", { roles: [{ role: "ingest" }] });
  await server.ask("/api/v1/lineage/batch", "POST", [{ eventType: "COMPLETE" }]);
  const first = async (path) => (await server.ask(path)).items[0];
  return {
    named: `${part(dataset.namespace)}/${part(dataset.name)}`,
    of: part(`dataset:${dataset.namespace}:${dataset.name}`),
    job: `${part(job.namespace)}/${part(job.name)}`,
    run: (await first(`/api/v1/jobs/${job.id}/runs?limit=1`)).id,
    record: (await first("/api/v1/audit/records?limit=1")).record.id,
    user: (await server.ask("/api/v1/users?limit=100")).items.find(({ name }) => name === "steward").id,
    letter: (await first("/api/v1/dead-letters?limit=1")).id,
  };
}

const section = (name, permission, more = {}) => ({ route: "/admin/{-$section}", at: () => `/admin/${name}`, asks: new RegExp(`^/api/v1/${name}$`), refused: ["viewer", permission], ...more });

/**
 * The visits. `asks` is what the page asks first (none: it asks nothing, and is never loading); `refused` who may not see it, and
 * the permission that is named; `filtered` an address that nothing fits, and what is said; `empty` what an empty Lethe says.
 */
export const VISITS = [
  { route: "/", at: () => "/", asks: /^\/api\/v1\/jobs$/, refused: ["nobody", "job:search"], empty: "Connect your first pipeline" },
  { route: "/catalog", at: () => "/catalog", asks: /^\/api\/v1\/catalog\/search$/, refused: ["nobody", "dataset:search"], filtered: [() => "/catalog?q=nothing-is-called-so&type=job", "Nothing fits"], empty: "The catalog is empty" },
  { route: "/datasets/$namespace/$name/{-$tab}", at: ({ named }) => `/datasets/${named}`, asks: /^\/api\/v1\/datasets$/, refused: ["nobody", "dataset:search"], filtered: [({ named }) => `/datasets/${named}/schema?find=nothing-is-called-so`, "No column fits"], empty: "There is no such dataset" },
  { route: "/jobs/$namespace/$name/{-$tab}", at: ({ job }) => `/jobs/${job}`, asks: /^\/api\/v1\/jobs\/[^/]+$/, refused: ["nobody", "dataset:search"], empty: "There is no such job" },
  { route: "/runs/$id", at: ({ run }) => `/runs/${run}`, asks: /^\/api\/v1\/runs\/[^/]+$/, refused: ["nobody", "run:read"], empty: "Not found" },
  { route: "/lineage", at: () => "/lineage", asks: /^\/api\/v1\/catalog\/search$/, refused: ["nobody", "dataset:search"], filtered: [() => "/lineage?q=nothing-is-called-so", "Nothing is called that"], empty: "There is no data yet" },
  { route: "/lineage/$kind/$namespace/$name", at: ({ named }) => `/lineage/dataset/${named}`, asks: /^\/api\/v1\/lineage\/graph$/, refused: ["nobody", "lineage:read"], empty: "Not found" },
  { route: "/audit", at: () => "/audit", asks: /^\/api\/v1\/audit\/records$/, refused: ["viewer", "audit:read"], filtered: [() => "/audit?action=event%3Aexpire", "No record fits"] },
  { route: "/audit/records/$id", at: ({ record }) => `/audit/records/${record}`, asks: /^\/api\/v1\/audit\/records\/[^/]+$/, refused: ["viewer", "audit:read"] },
  { route: "/audit/access", at: ({ of }) => `/audit/access?of=${of}`, asks: /^\/api\/v1\/audit\/readers$/, refused: ["viewer", "access_event:read"], filtered: [({ of }) => `/audit/access?of=${of}&to=2000-01-02T00%3A00%3A00.000Z&from=2000-01-01T00%3A00%3A00.000Z`, "Nobody read it"], empty: "Choose a dataset" },
  { route: "/verify", at: () => "/verify" },
  { route: "/policies", at: () => "/policies", asks: /^\/api\/v1\/policies$/, refused: ["viewer", "policy:read"] },
  { route: "/policies/test", at: () => "/policies/test?do=dataset%3Aread", asks: /^\/api\/v1\/policies\/decide$/ },
  { route: "/policies/new", at: () => "/policies/new", asks: /^\/api\/v1\/policies\/active$/, refused: ["viewer", "policy:read"] },
  { route: "/policies/$version", at: () => "/policies/1", asks: /^\/api\/v1\/policies\/1$/, refused: ["viewer", "policy:read"] },
  section("users", "user:read"),
  section("groups", "group:read", { empty: "No groups" }),
  section("service-accounts", "service_account:read", { empty: "No service accounts" }),
  section("roles", "role:read"),
  section("keys", "key:list"),
  section("dead-letters", "dead_letter:read", { empty: "No refused events" }),
  section("system", "operation:metrics", { asks: /^\/metrics$/ }),
  { route: "/admin/users/$id", at: ({ user }) => `/admin/users/${user}`, asks: /^\/api\/v1\/users\/[^/]+$/, refused: ["viewer", "user:read"] },
  { route: "/admin/groups/$name", at: () => "/admin/groups/walkers", asks: /^\/api\/v1\/groups\/[^/]+$/, refused: ["viewer", "group:read"], empty: "Not found" },
  { route: "/admin/service-accounts/$name", at: () => "/admin/service-accounts/demo", asks: /^\/api\/v1\/service-accounts$/, refused: ["viewer", "service_account:read"], empty: "There is no such service account" },
  { route: "/admin/dead-letters/$id", at: ({ letter }) => `/admin/dead-letters/${letter}`, asks: /^\/api\/v1\/dead-letters\/[^/]+$/, refused: ["viewer", "dead_letter:read"], empty: "Not found" },
  { route: "/account", at: () => "/account", asks: /^\/api\/v1\/users\/[^/]+\/sessions$/ },
  { route: "/privacy/requests", at: () => "/privacy/requests" },
  { route: "/privacy/retention", at: () => "/privacy/retention" },
  { route: "/stores", at: () => "/stores" },
  { route: "/sign-in", at: () => "/sign-in" },
];
