// Takes screenshots of pages against a running UI, to be looked at: node scripts/shots.mjs URL CODE OUT PATH...
// Each path at 1440 and 390 px, light and dark. CODE is that of a one-time sign-in link, or "-" for none. Prints what the
// console says and what the policy (CSP) refuses.
import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";

const [url, code, out, ...paths] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const context = await browser.newContext({ locale: process.env.LANGUAGE_TAG ?? "en-GB" });
const page = await context.newPage();
page.on("console", (message) => { if (["error", "warning"].includes(message.type())) console.log(message.type(), message.text()); });
page.on("pageerror", (error) => { console.log("failed", error.message); });
if (code !== "-") {
  await page.goto(`${url}/sign-in?code=${code}`);
  await page.waitForSelector("nav");
}
for (const [place, path] of paths.entries()) {
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await page.goto(url + path);
      await page.waitForTimeout(1500);
      await page.screenshot({ path: `${out}/${place}-${width}-${colorScheme}.png` });
    }
  }
  console.log(place, path, "->", new URL(page.url()).pathname + new URL(page.url()).search);
}
await browser.close();
