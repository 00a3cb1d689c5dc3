// Every page of an empty Lethe: what it is for, and how it fills.
import { VISITS } from "./pages.mjs";

/** An empty one of its own: other walks fill theirs. */
export const server = "untouched";

const NOWHERE = { named: "a/b", job: "a/b", run: "01a1fe35-0000-7000-8000-000000000000", letter: "01a1fe35-0000-7000-8000-000000000000", of: "" };

export const walks = {
  "every page says what is not there yet": async (visitor) => {
    const { page } = visitor;
    visitor.expect(404, /^\/api\/v1\//);
    await visitor.signIn();
    for (const visit of VISITS.filter(({ empty }) => empty)) {
      await visitor.go(visit.at(NOWHERE));
      await page.getByRole("main").getByText(visit.empty).first().waitFor({ timeout: 5_000 }).catch(() => { throw new Error(`${visit.route} (${page.url()}) does not say “${visit.empty}”`); });
    }
  },
};
