// A dataset, a job and a run: read, edited, refused, overtaken.

/** The page of the demo's table of customers. */
async function customers(visitor) {
  const { hits } = await visitor.server.ask("/api/v1/catalog/search?q=stg_erp_customers%20type:dataset&limit=1");
  return `/datasets/${encodeURIComponent(hits[0].namespace)}/${encodeURIComponent(hits[0].name)}`;
}

/** Writes a description and saves it. */
async function describe(page, text) {
  const card = page.getByRole("region", { name: "Description" });
  await card.getByRole("button", { name: "Edit the description" }).click();
  await card.getByRole("textbox", { name: "Description" }).fill(text);
  await card.getByRole("button", { name: "Save" }).click();
  return card;
}

export const walks = {
  "a description is edited, undone, and found again in the history": async (visitor) => {
    const { page } = visitor;
    const place = await customers(visitor);
    await visitor.signIn("steward");
    await visitor.go(place);
    await page.getByRole("region", { name: "Description" }).getByText(/\w/).first().waitFor();
    const text = `Customers, looked at on ${Date.now()}.`;
    const card = await describe(page, text);
    await card.getByText("Saved.").waitFor();
    await card.getByText(text).waitFor();
    await card.getByRole("button", { name: "Undo" }).click();
    await card.getByText(text).waitFor({ state: "hidden" });
    await page.getByRole("tab", { name: "Versions" }).click();
    const entry = page.getByRole("listitem").filter({ hasText: text }).last();
    await entry.getByRole("button", { name: "Restore" }).click();
    await entry.getByText("stands").waitFor();
  },

  "a tag is put on and taken off": async (visitor) => {
    const { page } = visitor;
    await visitor.signIn("steward");
    await visitor.go(await customers(visitor));
    const card = page.getByRole("region", { name: "Tags" });
    await card.getByRole("button", { name: "Add tag" }).click();
    await card.getByRole("textbox", { name: "New tag" }).fill("walked");
    await card.getByRole("textbox", { name: "New tag" }).press("Enter");
    await card.getByRole("button", { name: "Take off the tag walked" }).click();
    await card.getByRole("button", { name: "Take off the tag walked" }).waitFor({ state: "hidden" });
    await card.getByText("Saved.").waitFor();
  },

  "a privacy officer classifies a column, which is masked for viewers until that is taken back": async (visitor) => {
    const { page } = visitor;
    const place = await customers(visitor);
    const [, , namespace, name] = place.split("/");
    const { items } = await visitor.server.ask(`/api/v1/datasets?namespace=${namespace}&name=${name}`);
    const column = items[0].columns.find((one) => one.tags.length === 0).name;
    await visitor.signIn("privacy-officer");
    await visitor.go(`${place}/schema?column=${column}`);
    const panel = page.getByRole("complementary", { name: `Column ${column}` });
    await panel.getByRole("button", { name: "Add tag" }).click();
    await panel.getByRole("textbox", { name: "New tag" }).fill("class:user.unique_id");
    await panel.getByRole("textbox", { name: "New tag" }).press("Enter");
    await panel.getByText("Saved.").waitFor();
    const other = await page.context().browser().newContext({ locale: "en-GB" });
    const viewer = await other.newPage();
    await viewer.goto(visitor.server.link("viewer"));
    await viewer.getByRole("navigation").first().waitFor();
    await viewer.goto(`${visitor.server.url}${place}/schema`);
    await viewer.getByRole("tab", { name: "Schema" }).waitFor();
    await viewer.getByRole("row").nth(1).waitFor();
    visitor.must(await viewer.getByText(column, { exact: true }).count() === 0, `${column} is shown to a viewer`);
    await panel.getByRole("button", { name: /^Take off the tag/ }).click();
    await panel.getByText("No tags").waitFor();
    await panel.getByText("Saved.").waitFor();
    await viewer.reload();
    await viewer.getByText(column, { exact: true }).first().waitFor();
    await other.close();
  },

  "who is overtaken by another's change sees both and decides": async (visitor) => {
    const { page } = visitor;
    const place = await customers(visitor);
    await visitor.signIn("steward");
    await visitor.go(place);
    const card = page.getByRole("region", { name: "Description" });
    await card.getByRole("button", { name: "Edit the description" }).click();
    await card.getByRole("textbox", { name: "Description" }).fill("Mine.");
    const other = await page.context().newPage();
    await other.goto(visitor.server.url + place);
    const theirs = await describe(other, `Theirs, ${Date.now()}.`);
    await theirs.getByText("Saved.").waitFor();
    await other.close();
    await card.getByRole("button", { name: "Save" }).click();
    await card.getByText("Somebody changed this since you opened it.").waitFor();
    await card.getByRole("button", { name: "Save mine over it" }).click();
    await card.getByText("Saved.").waitFor();
    await card.getByText("Mine.").first().waitFor();
  },

  "a viewer is refused, keeps what they wrote, and finds why": async (visitor) => {
    const { page } = visitor;
    visitor.expect(403, "/api/v1/datasets");
    visitor.expect(403, "/api/v1/policies/decide");
    visitor.expect(403, "/api/v1/policies/who-can");
    await visitor.signIn("viewer");
    await visitor.go(await customers(visitor));
    const card = await describe(page, "By a viewer.");
    await card.getByText("The permission that is missing: dataset:edit").waitFor();
    await card.getByRole("button", { name: "Edit the description" }).click();
    const kept = await card.getByRole("textbox", { name: "Description" }).inputValue();
    visitor.must(kept === "By a viewer.", kept);
    await card.getByRole("button", { name: "Cancel" }).click();
    await describe(page, "By a viewer.");
    await card.getByRole("link", { name: /Why not/ }).click();
    await page.waitForURL(/policies\/test\?do=dataset/);
    await page.getByRole("heading", { name: "Denied" }).waitFor();
    await page.getByRole("list", { name: "What is missing for it" }).getByText("steward").waitFor();
  },

  "columns are filtered and opened by keyboard, and the address brings the same view back": async (visitor) => {
    const { page } = visitor;
    await visitor.signIn("steward");
    await visitor.go(`${await customers(visitor)}/schema`);
    await page.getByRole("searchbox", { name: "Filter columns" }).fill("email");
    const row = page.getByRole("button", { name: "email", exact: true });
    await row.focus();
    await page.keyboard.press("Enter");
    const panel = page.getByRole("complementary", { name: "Column email" });
    await panel.getByRole("heading", { name: "Made from" }).waitFor();
    await page.reload();
    await panel.waitFor();
    await panel.getByRole("heading", { name: "email", exact: true }).press("Escape");
    await panel.waitFor({ state: "hidden" });
    visitor.must(page.url().endsWith("?find=email"), page.url());
  },

  "from a job to its run to what the run wrote": async (visitor) => {
    const { page } = visitor;
    await visitor.signIn("steward");
    await visitor.go("/jobs/meridian-erp/erp_gold.build_customer_360/runs");
    await page.getByRole("img", { name: /Duration/ }).waitFor();
    await page.getByRole("grid", { name: "Runs" }).getByRole("link").first().click();
    await page.waitForURL(/\/runs\//);
    await page.getByRole("region", { name: /^Writes/ }).getByRole("link", { name: "mart_customer_360" }).click();
    await page.getByRole("heading", { name: "mart_customer_360", level: 1 }).waitFor();
  },
};
