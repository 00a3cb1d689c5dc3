// An empty Lethe: how to connect a pipeline, and the first event as it arrives.
import { execFileSync } from "node:child_process";

export const server = "empty";

export const walks = {
  "a token is made, the lines for curl are run as they stand, and the event is seen to arrive": async (visitor) => {
    const { page } = visitor;
    await visitor.signIn();
    await page.getByRole("heading", { name: "Connect your first pipeline" }).waitFor();
    await page.getByText("Waiting for the first event").waitFor();
    await page.getByRole("button", { name: "Make the token" }).click();
    await page.getByText("Your token, shown once").waitFor();
    await page.getByRole("tab", { name: "curl" }).click();
    const lines = await page.getByRole("tabpanel").locator("code, pre").first().innerText();
    visitor.must(lines.includes(visitor.server.url), `the real address is not in the lines: ${lines}`);
    const said = execFileSync("bash", ["-c", lines], { stdio: ["ignore", "pipe", "ignore"] }).toString();
    visitor.must(said.includes("201"), `the lines do not work: ${said}`);
    await page.getByText("The first event has arrived.").waitFor();
    await page.getByRole("link", { name: "See the catalog" }).click();
    await page.getByRole("link", { name: /shop\.mart\.revenue/ }).first().waitFor();
  },
};
