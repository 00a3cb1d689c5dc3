// Theme and density: chosen in this browser, set on <html>. public/theme.js does the same before the first paint.
import { preference } from "#/base/preference";

/** The theme; `system` follows the machine. */
export const theme = preference("theme", ["system", "light", "dark"], "system");
/** How close rows stand. */
export const density = preference("density", ["compact", "default", "comfortable"], "default");

/** Sets what is chosen, and whatever is chosen from now on. */
export function applyAppearance(): void {
  const apply = (): void => {
    const { dataset } = document.documentElement;
    dataset["theme"] = theme.get();
    dataset["density"] = density.get();
  };
  theme.watch(apply);
  density.watch(apply);
  apply();
}
