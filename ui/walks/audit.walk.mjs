// The audit log: from a filter to a record whose proof this browser checks; a changed byte is red; a log that went back alarms.
import { readFileSync } from "node:fs";

const saved = async (page, button) => {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: button }).click()]);
  return readFileSync(await download.path());
};

/** Opens the first record of the list and waits for its proof. */
async function openRecord(page) {
  await page.getByRole("row").nth(1).click();
  await page.waitForURL(/audit\/records\//);
  await page.getByText("Proven", { exact: true }).waitFor();
}

export const walks = {
  "from a filter to a record, whose proof holds; with one byte changed it is red": async (visitor) => {
    const { page } = visitor;
    await visitor.signIn("auditor");
    await visitor.go("/audit");
    await page.getByRole("button", { name: "Add filter" }).click();
    await page.keyboard.type("outcome:done");
    await page.keyboard.press("Enter");
    await page.waitForURL(/outcome=done/);
    await page.getByRole("button", { name: "Check these records" }).click();
    await page.getByText(/records are proven/).waitFor();
    await openRecord(page);
    const [receipt, record] = [await saved(page, "Receipt"), await saved(page, "Record’s bytes")];
    const key = await page.locator("dd code", { hasText: "lethe/audit+" }).textContent();

    await visitor.go("/verify");
    const verify = async (bytes) => {
      const file = (name, buffer) => ({ name, mimeType: "application/octet-stream", buffer });
      await page.setInputFiles("input[type=file]", [file("r.tlog-proof", receipt), file("r.json", bytes)]);
      await page.getByLabel("Public key").fill(key);
      await page.getByRole("button", { name: "Verify" }).click();
    };
    await verify(record);
    await page.getByText("Everything holds").waitFor();
    const changed = Buffer.from(record);
    changed[changed.indexOf("done")] ^= 1;
    await verify(changed);
    await page.getByText("NOT verified").waitFor();
  },

  "a log that went back behind what this browser saw alarms until it is acknowledged": async (visitor) => {
    const { page } = visitor;
    await visitor.signIn("auditor");
    await visitor.go("/audit");
    await page.waitForFunction(() => Object.keys(localStorage).some((key) => key.endsWith("audit.head")));
    await page.evaluate(() => {
      for (const key of Object.keys(localStorage).filter((one) => one.endsWith("audit.head"))) {
        localStorage.setItem(key, JSON.stringify({ ...JSON.parse(localStorage.getItem(key)), size: 100_000_000 }));
      }
    });
    await page.reload();
    await page.getByText("The audit log went back").waitFor();
    await page.reload();
    await page.getByText("The audit log went back").waitFor();
    await page.getByRole("button", { name: "I have seen this" }).click();
    await page.getByRole("button", { name: "Go on from the new head" }).click();
    await page.getByText("The audit log went back").waitFor({ state: "hidden" });
  },
};
