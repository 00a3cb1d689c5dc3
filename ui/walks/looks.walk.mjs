// How pages look where there is little room, and where the machine forces its own few colours on them.
import { enter, everywhere, settled } from "./places.mjs";

const PHONE = { width: 390, height: 844 };

/** What is wider than the screen: the page, or a table in it. */
const tooWide = () => {
  const page = document.scrollingElement;
  const wide = [...document.querySelectorAll("main *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1).slice(0, 5);
  const tables = [...document.querySelectorAll("main [role=grid]")].filter((one) => one.scrollWidth > one.parentElement.clientWidth);
  return [
    ...(page.scrollWidth > innerWidth ? [`the page is ${page.scrollWidth} px wide, for: ${wide.map((one) => `${one.tagName}.${one.className}`).join(", ")}`] : []),
    ...tables.map((one) => `the table ${one.getAttribute("aria-label")} is ${one.scrollWidth} px wide, for: ${[...one.querySelectorAll("*")].filter((part) => part.getBoundingClientRect().right > innerWidth + 1 && part.children.length === 0).slice(0, 3).map((part) => `${part.parentElement.className} ${part.textContent}`).join(" | ")}`),
  ];
};

export const walks = {
  "at 390 px no page scrolls sideways, nor does a table": async (visitor) => {
    const { page } = visitor;
    await visitor.signIn();
    await page.setViewportSize(PHONE);
    const found = [];
    for (const place of await everywhere(visitor)) {
      await enter(visitor, place);
      found.push(...(await page.evaluate(tooWide)).map((one) => `${place.path}: ${one}`));
    }
    visitor.must(found.length === 0, found.join("\n"));
  },

  "in forced colours what is chosen is told apart": async (visitor) => {
    const { page } = visitor;
    await visitor.signIn();
    await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
    const places = await everywhere(visitor);
    const go = async (part) => { await enter(visitor, places.find(({ path }) => path.includes(part))); };
    /** What tells a thing that is chosen: its line, its outline, its surface. */
    const look = (locator) => locator.evaluate((one) => {
      const { borderBottomColor, borderInlineStartColor, outlineStyle, backgroundColor } = getComputedStyle(one);
      return [borderBottomColor, borderInlineStartColor, outlineStyle, backgroundColor].join(" ");
    });
    const apart = async (what, one, other) => { visitor.must((await look(one)) !== (await look(other)), `${what}: looks the same chosen or not`); };

    await go("/catalog?q=customer");
    // Colours are forced on a tick even where it is transparent: it must not be there at all.
    const ticks = async (label) => await page.locator(`main ${label} svg`).evaluateAll((all) => all.map((one) => getComputedStyle(one).visibility));
    visitor.must((await ticks("label")).every((one) => one === "hidden"), "boxes that are not ticked look as if they were");
    await page.getByRole("group").first().locator("label").first().click();
    await page.waitForURL(/type=/);
    await settled(page);
    visitor.must((await ticks("label[data-selected]")).join() === "visible", "a box that is ticked does not look it");

    await go("/schema?column=");
    await apart("tabs", page.getByRole("tab", { selected: true }), page.getByRole("tab", { selected: false }).first());
    await apart("the open column", page.getByRole("row").filter({ has: page.locator("[aria-expanded=true]") }), page.getByRole("row").filter({ has: page.locator("[aria-expanded=false]") }).first());
    await go("/versions");
    await apart("versions", page.locator("main [aria-pressed=true]").first(), page.locator("main [aria-pressed=false]").first());
    await go("/audit");
    await apart("parts of the audit log", page.locator("main nav a[class*=here]"), page.locator("main nav a:not([class*=here])").first());
    await go("?up=3&sel=");
    await apart("the selected node", page.locator("[data-place][data-selected=true]").first(), page.locator("[data-place]:not([data-selected=true])").first());
  },
};
