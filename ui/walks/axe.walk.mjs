// What axe finds against people who see, hear or move otherwise: nothing serious or critical, on any page, light and dark.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { enter, everywhere, settled } from "./places.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const GRAVE = ["serious", "critical"];
const THEMES = ["light", "dark"];

/** What axe finds in the page as it stands; also targets that are too small (WCAG 2.2), which it leaves out unless asked. */
async function look(page) {
  if (await page.evaluate("self.axe === undefined")) await page.evaluate(AXE);
  return page.evaluate(async (grave) => {
    const { violations } = await self.axe.run(document, { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } });
    const told = ({ id, impact }, node) => [`${impact} ${id}: ${node.target.join(" ")}`, node.html.slice(0, 240), node.failureSummary.replaceAll("\n", " ")].join("\n    ");
    return violations.filter(({ impact }) => grave.includes(impact)).flatMap((one) => one.nodes.map((node) => told(one, node)));
  }, GRAVE);
}

/** Looks at what is shown in both themes; without a choice of their own people get their machine's. */
async function lookAt(visitor, where, found) {
  for (const colorScheme of THEMES) {
    await visitor.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    found.push(...(await look(visitor.page)).map((one) => `${where}, ${colorScheme}: ${one}`));
  }
}

/** Ends a walk: fails with everything that was found. */
function mustBeNothing(visitor, found) {
  visitor.must(found.length === 0, `axe found ${found.length}:\n${found.join("\n")}`);
}

export const walks = {
  "every page, signed in": async (visitor) => {
    await visitor.signIn();
    const found = [];
    for (const place of await everywhere(visitor)) {
      await enter(visitor, place);
      await lookAt(visitor, place.path, found);
    }
    mustBeNothing(visitor, found);
  },

  "what opens over a page: palette, menu, help, dialogs, lists": async (visitor) => {
    const { page } = visitor;
    await visitor.signIn();
    const found = [];
    const over = async (path, what, open) => {
      await visitor.go(path);
      await settled(page);
      await open();
      await lookAt(visitor, `${path}: ${what}`, found);
    };
    await over("/", "palette", async () => {
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog").getByRole("searchbox").fill("customer");
      await page.getByRole("menuitem", { name: /customer/ }).first().waitFor();
    });
    await over("/", "help", async () => {
      await page.keyboard.press("?");
      await page.getByRole("dialog").waitFor();
    });
    await over("/", "menu", async () => {
      await page.getByRole("button", { name: /Signed in as/ }).click();
      await page.getByRole("menu").waitFor();
    });
    await over("/admin/users", "dialog with a list", async () => {
      await page.getByRole("button", { name: "Add a person" }).click();
      await page.getByRole("button", { name: "Add a role" }).click();
      await page.getByRole("combobox", { name: "Role" }).fill("a");
      await page.getByRole("option").first().waitFor();
    });
    await over("/admin/keys", "question before a deed for good", async () => {
      await page.getByRole("button", { name: "Destroy a subject’s key" }).click();
      await page.getByRole("alertdialog").waitFor();
    });
    await over("/audit", "choice of filters", async () => {
      await page.getByRole("button", { name: "Add filter" }).click();
      await page.getByRole("menuitem").first().waitFor();
    });
    await over("/policies/test", "suggestions", async () => {
      await page.getByRole("combobox", { name: "Do" }).fill("dataset:");
      await page.getByRole("option").first().waitFor();
    });
    await page.getByRole("heading", { level: 1 }).click();
    await page.getByRole("option").first().waitFor({ state: "hidden" });
    mustBeNothing(visitor, found);
  },

  "the explorer with a node selected, and its drawer": async (visitor) => {
    const { page } = visitor;
    await visitor.signIn("steward");
    const [place] = (await everywhere(visitor)).filter(({ path }) => path.includes("sel="));
    await enter(visitor, place);
    await page.getByRole("complementary", { name: "Details" }).waitFor();
    await page.getByRole("tree").focus();
    const found = [];
    await lookAt(visitor, "the explorer", found);
    mustBeNothing(visitor, found);
  },

  "the sign-in page, and verifying, before whoever is not signed in": async (visitor) => {
    const { page } = visitor;
    visitor.expect(401, "/api/v1/session");
    const found = [];
    await visitor.go("/sign-in");
    await page.getByRole("button", { name: /Sign in/ }).first().waitFor();
    await lookAt(visitor, "/sign-in", found);
    await visitor.go("/verify");
    await page.getByRole("heading", { level: 1 }).waitFor();
    await lookAt(visitor, "/verify", found);
    mustBeNothing(visitor, found);
  },

  "a page that is forbidden, and one that is not there": async (visitor) => {
    const { page } = visitor;
    visitor.expect(403, "/api/v1/users");
    await visitor.signIn("viewer");
    const found = [];
    await visitor.go("/admin/users");
    await page.getByText("The permission that is missing: user:read").waitFor();
    await lookAt(visitor, "/admin/users, forbidden", found);
    await visitor.go("/nowhere");
    await page.getByRole("heading").first().waitFor();
    await lookAt(visitor, "/nowhere", found);
    mustBeNothing(visitor, found);
  },
};
