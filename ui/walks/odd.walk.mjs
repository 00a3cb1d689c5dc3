// What pipelines send at their oddest: names of any UTF-8 and of 1,000 characters, 10,000 columns, 20,000 datasets.
import { NAMES, ODD_NAMESPACE, TREE, WIDE } from "./odd.mjs";

export const server = "odd";

const FRAME_MS = 1_000;
const SCHEMA_MS = 5_000;
const part = encodeURIComponent;
const placeOf = (room, name, more = "") => `/${room}/${part(ODD_NAMESPACE)}/${part(name)}${more}`;

/** Demands that the page is not wider than the window, be that a phone’s or a desk’s, and that nothing of a name was run. */
async function unharmed(visitor, where) {
  for (const width of [390, 1440]) {
    await visitor.page.setViewportSize({ width, height: 900 });
    const { over, ran } = await visitor.page.evaluate(() => ({ over: document.documentElement.scrollWidth - document.documentElement.clientWidth, ran: "ran" in window }));
    visitor.must(over <= 0, `${where} at ${width} px: the page is ${over} px too wide`);
    visitor.must(!ran, `${where}: a name was run`);
  }
}

/** To a name’s dataset, column, versions, job and question, each by its own link. */
async function throughPages(visitor, name) {
  const { page } = visitor;
  await visitor.go(placeOf("datasets", name));
  await page.getByRole("region", { name: "Description" }).waitFor();
  const heading = page.getByRole("heading", { level: 1 });
  visitor.must((await heading.getAttribute("title")) === name, `the heading is ${await heading.textContent()}`);
  await unharmed(visitor, "dataset");
  await visitor.go(placeOf("datasets", name, `/schema?column=${part(name)}`));
  const panel = page.getByRole("complementary");
  await panel.getByRole("heading", { name: "Made from" }).waitFor();
  await unharmed(visitor, "column");
  const before = page.url();
  await page.reload();
  await panel.waitFor();
  visitor.must(page.url() === before, `the address becomes ${page.url()}`);
  await visitor.go(placeOf("datasets", name, "/versions"));
  await page.getByRole("region", { name: "First schema" }).waitFor();
  await unharmed(visitor, "versions");
  await visitor.go(placeOf("jobs", name));
  await page.getByRole("tab", { name: /Runs/ }).waitFor();
  await unharmed(visitor, "job");
  const word = (text) => text.replaceAll(/[%\s]/g, part);
  await visitor.go(`/policies/test?do=dataset:read&what=${part(`dataset ${word(ODD_NAMESPACE)} named ${word(name)}`)}`);
  await page.getByRole("heading", { name: /^Allowed/ }).waitFor();
  await unharmed(visitor, "question");
}

/** Opens a name in the explorer, and comes to its dataset by its card. */
async function throughLineage(visitor, name) {
  const { page } = visitor;
  await visitor.go(placeOf("lineage/dataset", name));
  const tree = page.getByRole("tree");
  await tree.waitFor();
  await unharmed(visitor, "lineage");
  await tree.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("complementary", { name: "Details" }).waitFor();
  await unharmed(visitor, "lineage’s panel");
  const before = page.url();
  await page.reload();
  await page.getByRole("complementary", { name: "Details" }).waitFor();
  visitor.must(page.url() === before, `the address becomes ${page.url()}`);
}

/** The explorer says plainly that it does not find a name. */
async function notInLineage(visitor, name) {
  await visitor.go(placeOf("lineage/dataset", name));
  await visitor.page.getByRole("main").getByRole("heading", { name: "Not found" }).waitFor();
  await unharmed(visitor, "lineage");
}

/** Measures the longest time between two frames from now on. */
async function watchFrames(page) {
  await page.addInitScript(() => {
    window.longest = 0;
    let last = performance.now();
    const frame = (now) => {
      window.longest = Math.max(window.longest, now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
}

/** Demands that no frame took over a second. */
async function smooth({ page, must }, where) {
  const longest = Math.round(await page.evaluate(() => window.longest));
  console.log(`        ${where}: longest frame ${longest} ms`);
  must(longest <= FRAME_MS, `${where}: a frame took ${longest} ms`);
}

export const walks = {};

for (const [label, name] of Object.entries(NAMES)) {
  walks[`names: ${label}`] = async (visitor) => {
    await visitor.signIn();
    // The API takes several nodes, one a line, so that it cannot be asked for one with a line feed in its name.
    const isOneLine = !name.includes("\n");
    if (!isOneLine) visitor.expect(404, "/api/v1/lineage/graph");
    await throughPages(visitor, name);
    await (isOneLine ? throughLineage : notInLineage)(visitor, name);
  };
}

walks["names: all of them in the catalog, found by what is typed, with why"] = async (visitor) => {
  const { page } = visitor;
  await visitor.signIn();
  const hits = page.getByRole("list", { name: "Results" });
  for (const query of [`ns=${part(ODD_NAMESPACE)}`, "q=ran+type%3Adataset", `q=${"n".repeat(1_000)}`, "q=n*"]) {
    await visitor.go(`/catalog?${query}`);
    await hits.getByRole("link").first().waitFor();
    await unharmed(visitor, `the catalog of ${query.slice(0, 40)}`);
    if (!query.startsWith("q=")) continue;
    await page.getByRole("button", { name: "Why this result" }).first().click();
    await page.getByRole("list", { name: "Results" }).getByText(/score|points/i).first().waitFor();
    await unharmed(visitor, "why");
  }
};

walks["10,000 columns: shown soon, filtered, one opened with its lineage"] = async (visitor) => {
  const { page } = visitor;
  await watchFrames(page);
  await visitor.signIn();
  const started = Date.now();
  await visitor.go(`/datasets/${WIDE.namespace}/${WIDE.name}/schema`);
  await page.getByRole("button", { name: "column_00000", exact: true }).waitFor();
  const took = Date.now() - started;
  console.log(`        schema of 10,000 columns: ${took} ms`);
  visitor.must(took < SCHEMA_MS, `it takes ${took} ms`);
  const drawn = await page.getByRole("region", { name: "Columns" }).getByRole("row").count();
  visitor.must(drawn < 200, `${drawn} rows are drawn`);
  await page.getByText("too many columns to show the lineage of each").waitFor();
  await page.getByRole("searchbox", { name: "Filter columns" }).fill(WIDE.wanted.slice(-5));
  await page.getByRole("button", { name: WIDE.wanted, exact: true }).click();
  await page.getByRole("complementary").getByRole("link", { name: /wide\.source/ }).waitFor();
  await smooth(visitor, "schema");
  await visitor.go(`/datasets/${WIDE.namespace}/${WIDE.name}/versions`);
  await page.getByRole("region", { name: "First schema" }).getByRole("button", { name: /more/ }).click();
  await smooth(visitor, "versions");
};

walks["10,000 columns: the lineage card says what is left out, and holds them when asked for more"] = async (visitor) => {
  const { page } = visitor;
  await watchFrames(page);
  await visitor.signIn();
  const place = `/lineage/dataset/${WIDE.namespace}/${WIDE.name}?level=column`;
  await visitor.go(place);
  await page.getByRole("tree").waitFor();
  await page.getByText(/more were found/).waitFor();
  await smooth(visitor, "card");
  await visitor.go(`${place}&limit=20000`);
  await page.getByText(/^2 nodes/).first().waitFor();
  await smooth(visitor, "whole card");
};

walks["20,000 datasets: cut off and said so, grouped, whole, as a table, and no frame over a second"] = async (visitor) => {
  const { page } = visitor;
  await watchFrames(page);
  await visitor.signIn();
  const place = `/lineage/dataset/${TREE.namespace}/${TREE.name}?up=100&down=100`;
  await visitor.go(place);
  await page.getByText(/^500 nodes are shown; at least .* more were found/).waitFor();
  await page.getByRole("button", { name: "Load 500 more" }).click();
  await page.getByText(/^1,?000 nodes are shown/).waitFor();
  await smooth(visitor, "500, then 1,000");
  for (const [how, where] of [["", "grouped"], ["&group=none", "every one"]]) {
    await visitor.go(`${place}&limit=20000${how}`);
    await page.getByRole("tree").focus();
    for (const key of ["ArrowRight", "ArrowDown", "ArrowLeft"]) await page.keyboard.press(key);
    await page.mouse.move(800, 500);
    await page.mouse.down();
    await page.mouse.move(500, 300, { steps: 10 });
    await page.mouse.up();
    await smooth(visitor, where);
  }
  await page.getByRole("button", { name: "Table", exact: true }).click();
  await page.getByText(/^19,?999 nodes$/).waitFor();
  const known = async () => Number(await page.getByRole("grid").getAttribute("aria-rowcount"));
  visitor.must((await known()) < 3_000, `the table takes ${await known()} rows at once`);
  await page.getByRole("button", { name: /^Load .* more$/ }).click();
  await page.getByRole("columnheader", { name: "Name" }).click();
  await smooth(visitor, "table");
};
