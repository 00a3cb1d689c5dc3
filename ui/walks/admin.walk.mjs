// Administration: people, their tokens, refused events, keys, the system; everybody's own account.

export const walks = {
  "a person is added, given a token that is told once, and disabled by typing their name": async (visitor) => {
    const { page } = visitor;
    const name = `walker-${Date.now()}`;
    await visitor.signIn();
    await visitor.go("/admin/users");
    await page.getByRole("button", { name: "Add a person" }).click();
    await page.getByRole("textbox", { name: "Name", exact: true }).fill(name);
    await page.getByRole("button", { name: "Add a role" }).click();
    await page.getByRole("combobox", { name: "Role" }).fill("audi");
    await page.getByRole("option", { name: /auditor/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Add a person" }).click();
    await page.getByRole("heading", { name, level: 1 }).waitFor();
    visitor.must(!page.url().includes(name), `a name is in the address: ${page.url()}`);
    await page.getByRole("button", { name: "Make a token" }).click();
    await page.getByRole("textbox", { name: "What it is for" }).fill("laptop");
    await page.getByRole("button", { name: "Make it" }).click();
    const told = page.getByRole("alertdialog");
    const token = await told.locator("pre").innerText();
    const me = await fetch(`${visitor.server.url}/api/v1/me`, { headers: { authorization: `Bearer ${token.trim()}` } });
    visitor.must((await me.json()).name === name, "the token is not theirs");
    await told.getByRole("button", { name: "I have copied it" }).click();
    visitor.must(!(await page.content()).includes(token.trim()), "the token is told a second time");
    await page.getByRole("button", { name: "Disable" }).click();
    const asked = page.getByRole("alertdialog");
    await asked.getByText("1 working token").waitFor();
    visitor.must(await asked.getByRole("button", { name: "Disable" }).isDisabled(), "nothing has to be typed");
    await asked.getByRole("textbox").fill(name);
    await asked.getByRole("button", { name: "Disable" }).click();
    await page.getByText("Disabled", { exact: true }).waitFor();
    const late = await fetch(`${visitor.server.url}/api/v1/me`, { headers: { authorization: `Bearer ${token.trim()}` } });
    visitor.must(late.status === 401, `the token still works: ${late.status}`);
  },

  "a token of a program is rotated and revoked": async (visitor) => {
    const { page } = visitor;
    const name = `program-${Date.now()}`;
    await visitor.server.ask(`/api/v1/service-accounts/${name}`, "PUT", { namespaces: ["walk*"] });
    await visitor.server.ask(`/api/v1/service-accounts/${name}/tokens`, "POST", { name: "nightly" });
    await visitor.signIn();
    await visitor.go(`/admin/service-accounts/${name}`);
    await page.getByRole("button", { name: "Acts on nightly" }).click();
    await page.getByRole("menuitem", { name: "Rotate" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Rotate" }).click();
    await page.getByRole("button", { name: "I have copied it" }).click();
    await page.getByText("Works yet").waitFor();
    await page.getByRole("row").filter({ hasText: "Works yet" }).getByRole("button", { name: "Acts on nightly" }).click();
    await page.getByRole("menuitem", { name: "Revoke" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
    await page.getByText("Revoked", { exact: true }).waitFor();
  },

  "a refused event is mended and replayed": async (visitor) => {
    const { page } = visitor;
    visitor.expect(422, /^\/api\/v1\/dead-letters\/[^/]+\/replay$/);
    const run = crypto.randomUUID();
    await visitor.server.ask("/api/v1/lineage/batch", "POST", [{ eventType: "COMPLETE", run: { runId: run } }]);
    await visitor.signIn();
    await visitor.go("/admin/dead-letters");
    await page.getByRole("row").nth(1).click();
    await page.getByRole("button", { name: "Replay" }).click();
    await page.getByRole("alert").getByText("is required").first().waitFor();
    await page.getByRole("button", { name: "Edit" }).click();
    const field = page.getByRole("textbox", { name: "Edit" });
    await field.fill("{");
    await page.getByText("This is not JSON").waitFor();
    await field.fill(JSON.stringify({ eventType: "COMPLETE", eventTime: new Date().toISOString(), producer: "https://example.com/walk", schemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent", run: { runId: run }, job: { namespace: "walk", name: "mended" } }));
    await page.getByRole("button", { name: "Replay what is written" }).click();
    await page.getByText("It is in.").waitFor();
  },

  "a key is not destroyed but by its reference, a reason and a typed word; a key of no subject is not at all": async (visitor) => {
    const { page } = visitor;
    visitor.expect(400, "/api/v1/keys/shred");
    const { items } = await visitor.server.ask("/api/v1/keys?limit=1000");
    const { id } = items.find((key) => key.kind !== "subject");
    await visitor.signIn();
    await visitor.go("/admin/keys");
    await page.getByRole("button", { name: "Destroy a subject’s key" }).click();
    const dialog = page.getByRole("alertdialog");
    const button = dialog.getByRole("button", { name: "Destroy the key for good" });
    await dialog.getByRole("textbox", { name: "The subject’s reference" }).fill(id);
    await dialog.getByRole("textbox", { name: "Why" }).fill("walked");
    visitor.must(await button.isDisabled(), "nothing has to be typed");
    await dialog.getByRole("textbox", { name: /to confirm/ }).fill(id.slice(0, 8));
    await button.click();
    await dialog.getByRole("alert").getByText("must be the key of a subject").waitFor();
  },

  "the system page shows readiness, the audit log and figures; an auditor is told which permission the figures need": async (visitor) => {
    const { page } = visitor;
    await visitor.signIn();
    await visitor.go("/admin/system");
    await page.getByText("Ready", { exact: true }).waitFor();
    await page.getByText("continues the last signed head").waitFor();
    await page.getByText("Mean commit").waitFor();
    visitor.expect(403, "/metrics");
    await page.context().clearCookies();
    await visitor.signIn("auditor");
    await visitor.go("/admin/system");
    await page.getByText("The permission that is missing: operation:metrics").waitFor();
  },

  "somebody sets their first password, and shows it before they set another": async (visitor) => {
    const { page } = visitor;
    const name = `own-${Date.now()}`;
    visitor.expect(400, /^\/api\/v1\/users\/[^/]+\/password$/);
    await visitor.server.ask(`/api/v1/users/${name}`, "PUT", { roles: [{ role: "viewer" }] });
    await visitor.signIn(name);
    await page.getByRole("button", { name: /Signed in as/ }).click();
    await page.getByRole("menuitem", { name: "My account" }).click();
    await page.getByRole("region", { name: "Sessions" }).getByText("this one").waitFor();
    await page.getByText("No password is set").waitFor();
    const fill = async (password) => {
      await page.getByRole("textbox", { name: "New password" }).fill(password);
      await page.getByRole("textbox", { name: "Once more" }).fill(password);
      await page.getByRole("button", { name: "Set the password" }).click();
    };
    await fill("short");
    await page.getByText("At least 12 characters.", { exact: true }).waitFor();
    await fill("a password to be walked by");
    const current = page.getByRole("textbox", { name: "The one that you have now" });
    await current.fill("not this one, surely");
    await fill("another one to be walked by");
    await page.getByText("must be the password that you have now").waitFor();
    await current.fill("a password to be walked by");
    await page.getByRole("button", { name: "Set the password" }).click();
    await page.waitForFunction(() => document.querySelector("input[autocomplete=current-password]")?.value === "");
  },
};
