// Saves what is in memory as a file of the person at the browser.

/** Saves a file. */
export function saveFile(name: string, content: Blob | string): void {
  const blob = typeof content === "string" ? new Blob([content], { type: "text/plain" }) : content;
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the address by the next turn, Safari a little later.
  setTimeout(() => { URL.revokeObjectURL(url); }, 10_000);
}
