// Where the UI lives: the server writes it into <base href> of index.html, so it is known only at run time.

/** The path before every route, without a slash at its end; empty at the root. */
export function basePath(): string {
  return new URL(document.baseURI).pathname.replace(/\/[^/]*$/, "");
}

/** The address that pipelines send to. */
export function serverAddress(): string {
  return location.origin + basePath();
}
