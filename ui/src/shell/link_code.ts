// The code of a one-time link (`/sign-in?code=…`). The server signs in by itself where it answers that address; where
// the UI is loaded with one, the code is taken out of the address before anything else sees it.

/** Returns the code of the address, if there is one, and takes it out of address and history. */
export function takeCode(): string | null {
  const address = new URL(location.href);
  const code = address.searchParams.get("code");
  if (code === null || !address.pathname.endsWith("/sign-in")) return null;
  address.searchParams.delete("code");
  history.replaceState(null, "", address);
  return code;
}
