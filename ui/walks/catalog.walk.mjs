// Signing in, and finding things.
export const walks = {
  "who is nobody is asked to sign in, and comes to where they were going": async (visitor) => {
    const { page } = visitor;
    await visitor.go("/catalog?q=orders");
    await page.getByRole("tab", { name: "Token" }).or(page.getByRole("radio", { name: "Token" })).or(page.getByRole("button", { name: "Token" })).first().click();
    await page.getByLabel(/token/i).last().fill(visitor.server.token);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("link", { name: /orders/ }).first().waitFor();
    visitor.must(page.url().endsWith("/catalog?q=orders"), page.url());
  },

  "what is typed is searched, facets narrow it, and the address brings the same view back": async (visitor) => {
    const { page } = visitor;
    await visitor.signIn("steward");
    await visitor.go("/catalog");
    await page.getByRole("searchbox").first().fill("customer");
    await page.getByRole("link", { name: /customer/ }).first().waitFor();
    await page.waitForURL(/q=customer/);
    const found = await page.getByRole("link", { name: /customer/ }).count();
    visitor.must(found > 0, "nothing is found");
    await page.reload();
    await page.getByRole("link", { name: /customer/ }).first().waitFor();
    visitor.must(/q=customer/.test(page.url()), page.url());
  },
};
