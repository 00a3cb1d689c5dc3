// Policies: a refusal is understood, a question asked and handed on, a draft written, refused, put into force and taken back.

/** Puts a set into force over the dialog, doing without the shipped cases where a reason is given. */
async function activate(page, button, reason) {
  await page.getByRole("button", { name: button }).click();
  const dialog = page.getByRole("alertdialog");
  if (reason !== undefined) {
    await dialog.getByText("Do without the shipped cases").click();
    await dialog.getByRole("textbox", { name: "Why they need not" }).fill(reason);
  }
  await dialog.getByRole("button", { name: "Put into force" }).click();
  return dialog;
}

export const walks = {
  "a viewer is refused, and finds why through the policy test": async (visitor) => {
    const { page } = visitor;
    visitor.expect(403, "/api/v1/users");
    visitor.expect(403, "/api/v1/policies/decide");
    visitor.expect(403, "/api/v1/policies/who-can");
    await visitor.signIn("viewer");
    await visitor.go("/admin/users");
    await page.getByText("The permission that is missing: user:read").waitFor();
    await page.getByRole("link", { name: "Why not? Test the policy" }).click();
    await page.getByRole("heading", { name: "Denied" }).waitFor();
    await page.getByRole("heading", { name: /Nearest/i }).waitFor();
    visitor.must(!page.url().includes("viewer"), `a name is in the address: ${page.url()}`);
    visitor.must(await page.getByRole("region", { name: "Who can" }).count() === 0, "a viewer is offered what is refused");
  },

  "a viewer who asks about somebody else is told what is known, and hands the question on": async (visitor) => {
    const { page } = visitor;
    visitor.expect(403, "/api/v1/policies/decide");
    await visitor.signIn("viewer");
    await visitor.go("/policies/test?do=user:read&who=user:steward");
    const told = page.getByRole("alert", { name: "You may not ask the policy" });
    await told.getByText("policy:decide").waitFor();
    await told.getByText("user:read").waitFor();
    await told.getByRole("button", { name: "Copy the question’s link" }).waitFor();
  },

  "an auditor asks by the sentence why, and the address carries the question": async (visitor) => {
    const { page } = visitor;
    await visitor.signIn("auditor");
    await visitor.go("/policies/test");
    await page.getByRole("combobox", { name: "Who" }).fill("user:vie");
    await page.getByRole("option", { name: "user:viewer" }).click();
    await page.getByRole("combobox", { name: "Do" }).fill("dataset:del");
    await page.getByRole("option", { name: "dataset:delete" }).click();
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    await page.getByRole("heading", { name: "Denied" }).waitFor();
    await page.getByRole("article", { name: "steward-hide" }).waitFor();
    await page.getByRole("region", { name: "Who can" }).getByText("user:steward").waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Denied" }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "Ask who may do what" }).waitFor();
  },

  "personal fields are allowed with obligations, in words": async (visitor) => {
    const { page } = visitor;
    await visitor.signIn("auditor");
    await visitor.go("/policies/test?do=dataset:read_fields&what=dataset+class:user.name");
    await page.getByRole("heading", { name: "Allowed, with obligations" }).waitFor();
    await page.getByText("Fields of personal data are masked.").waitFor();
  },

  "a draft is written, its fault marked, what it would change told; it is refused, put into force, and taken back": async (visitor) => {
    const { page } = visitor;
    visitor.expect(422, "/api/v1/policies/simulate");
    visitor.expect(409, /^\/api\/v1\/policies\/\d+\/activate$/);
    await visitor.signIn();
    await visitor.go("/policies/new");
    const rules = page.getByRole("textbox", { name: "Rules" });
    await rules.focus();
    await page.keyboard.press("Control+Home");
    await page.keyboard.insertText("p, viewer-hide, viewer, *, dataset:destroy, !class:*, *, allow\n");
    await page.getByRole("button", { name: "Check" }).click();
    await page.getByRole("button", { name: /line 1/ }).click();
    await page.keyboard.insertText("p, viewer-hide, viewer, *, dataset:delete, !class:*, *, allow");
    await page.getByRole("button", { name: "Check" }).click();
    await page.getByText("The server has found no fault.").waitFor();
    await page.getByRole("tab", { name: "Effects" }).click();
    await page.getByText(/decisions? would change/).waitFor();
    await page.getByRole("link", { name: "Catalog" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("textbox", { name: "Why" }).fill("viewers may hide datasets");
    await page.getByRole("button", { name: "Save the draft" }).click();
    await page.getByRole("heading", { name: /^Version \d+$/ }).waitFor();
    const refused = await activate(page, "Put into force");
    await refused.getByText("Nothing has changed.").waitFor();
    await refused.getByRole("list", { name: "Cases that come out otherwise" }).getByText("viewer-hide").waitFor();
    await refused.getByRole("button", { name: "Cancel" }).click();
    await activate(page, "Put into force", "walked");
    await page.getByText("In force", { exact: true }).waitFor();
    await visitor.go("/policies/1");
    await activate(page, "Put back into force");
    await page.getByText("In force", { exact: true }).waitFor();
  },
};
