// The lineage explorer: from a search to the path of a column and its drawing; by keyboard alone; by a link.
import { readFileSync } from "node:fs";

/** The place of the explorer for a dataset of the demo. */
async function lineageOf(visitor, name, query = "") {
  const { hits } = await visitor.server.ask(`/api/v1/catalog/search?q=${name}%20type:dataset&limit=1`);
  return `/lineage/dataset/${encodeURIComponent(hits[0].namespace)}/${encodeURIComponent(hits[0].name)}${query}`;
}

const tree = (page) => page.getByRole("tree");
const cursor = (page) => page.getByRole("treeitem").textContent();

export const walks = {
  "from a search over a column's lineage to a path and its drawing": async (visitor) => {
    const { page } = visitor;
    await visitor.signIn("steward");
    await visitor.go("/lineage");
    await page.getByRole("searchbox", { name: "Search datasets and jobs" }).fill("mart_customer_360");
    await page.getByRole("link", { name: /^mart_customer_360/ }).first().click();
    await tree(page).waitFor();
    await page.getByRole("button", { name: "Columns", exact: true }).click();
    await page.getByRole("button", { name: "Hops upstream: all" }).click();
    await page.locator("[data-focus=true] [data-field=email]").click();
    await page.getByRole("complementary", { name: "Details" }).getByRole("button", { name: "Path to here" }).click();
    await page.getByText("Choose where the path starts").waitFor();
    const search = page.getByRole("searchbox", { name: "Search in the graph" });
    await search.fill("sources customers");
    await search.press("Enter");
    await tree(page).focus();
    while (!(await cursor(page)).startsWith("column email")) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByText(/^Path 1 of/).waitFor();
    visitor.must((await page.getByRole("region", { name: "Path" }).getByRole("listitem").count()) >= 4, "the path shows no steps");
    await page.getByRole("button", { name: "Export" }).click();
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: "Drawing, light (SVG)" }).click()]);
    visitor.must(readFileSync(await file.path(), "utf8").startsWith("<svg"), "the export is no drawing");
  },

  "the impact table, by keyboard alone": async (visitor) => {
    const { page } = visitor;
    await visitor.signIn("viewer");
    await visitor.go(await lineageOf(visitor, "stg_erp_customers", "?down=3"));
    await tree(page).focus();
    await page.keyboard.press("i");
    const table = page.getByRole("grid", { name: /^Impact/ });
    await table.waitFor();
    const said = await page.getByText(/^\d+ nodes?$/).textContent();
    const rows = (await table.getByRole("row").count()) - 1;
    visitor.must(rows > 2 && said.startsWith(String(rows)), `${rows} rows, but it says ${said}`);
    await page.getByRole("button", { name: "Copy names" }).focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("complementary", { name: "Details" }).waitFor();
    await page.keyboard.press("i");
    await tree(page).waitFor();
  },

  "the graph by keyboard: along the flow, hidden, shown again": async (visitor) => {
    const { page } = visitor;
    await visitor.signIn("steward");
    await visitor.go(await lineageOf(visitor, "mart_customer_360", "?up=3"));
    await tree(page).focus();
    visitor.must((await cursor(page)).startsWith("dataset mart_customer_360"), "the cursor does not begin at the focus");
    await page.keyboard.press("ArrowLeft");
    const before = await cursor(page);
    await page.keyboard.press("Enter");
    await page.waitForURL(/sel=/);
    await page.keyboard.press("x");
    await page.getByText("1 node hidden here.").waitFor();
    visitor.must(/passes hidden/.test(await page.getByRole("list", { name: "Lines" }).textContent()), "no edge passes what is hidden");
    await page.getByRole("button", { name: "Show again" }).click();
    await page.getByText("1 node hidden here.").waitFor({ state: "hidden" });
    await tree(page).focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowLeft");
    visitor.must((await cursor(page)) === before, "the same way leads elsewhere");
  },

  "a link leads to the same view": async (visitor) => {
    const { page } = visitor;
    await visitor.signIn("steward");
    await visitor.go(await lineageOf(visitor, "mart_customer_360", "?up=4&group=folder&overlay=pii&jobs=true"));
    await tree(page).waitFor();
    await page.getByText(/^Carried \d/).waitFor();
    const seen = async () => [await tree(page).getAttribute("aria-label"), await page.getByRole("list", { name: "Lines" }).textContent(), page.url()].join("\n");
    const before = await seen();
    await page.reload();
    await page.getByText(/^Carried \d/).waitFor();
    visitor.must((await seen()) === before, `another view:\n${before}\n${await seen()}`);
  },
};
