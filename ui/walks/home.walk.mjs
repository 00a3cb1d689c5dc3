// The start page: what waits for whoever looks leads to where it is done.
export const walks = {
  "refused events, drafts and bare datasets wait for whoever may see to them, and for nobody else": async (visitor) => {
    const { page, server } = visitor;
    const name = `walked.bare_${Date.now()}`;
    await server.ask("/api/v1/datasets", "PUT", { datasets: [{ namespace: "walks", name, owners: [{ name: "user:steward" }] }] });
    await server.ask("/api/v1/lineage/batch", "POST", [{ eventTime: "never" }]);
    const waits = page.getByRole("region", { name: "Waiting for you" });
    await visitor.signIn("steward");
    await waits.getByRole("link", { name: /of yours without a description/ }).click();
    await page.getByRole("link", { name }).waitFor();
    await visitor.signIn();
    await waits.getByRole("link", { name: /refused events? to mend or drop/ }).click();
    await page.getByRole("grid", { name: "Dead letters" }).getByRole("row").nth(1).waitFor();
    await visitor.signIn("viewer");
    await waits.getByText("Nothing waits for you.").waitFor();
    visitor.must(await waits.getByRole("link").count() === 0, "a viewer is shown what they may not see to");
  },
};
