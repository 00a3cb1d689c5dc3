// Sets theme and density before the first paint, so that nothing flashes. src/design/appearance.ts does it afterwards.
try {
  for (const name of ["theme", "density"]) {
    const chosen = localStorage.getItem(`lethe.${name}`);
    if (chosen) document.documentElement.dataset[name] = chosen;
  }
} catch {
  // No storage: the machine's theme, the default density.
}
